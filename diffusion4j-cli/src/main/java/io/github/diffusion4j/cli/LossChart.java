package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.Charts.Curve;
import io.github.diffusion4j.cli.Charts.Scale;
import io.github.diffusion4j.training.StepReport;
import java.awt.image.BufferedImage;
import java.util.List;

/** The loss over a training. */
final class LossChart {
  private static final double KEPT = 0.95;

  private LossChart() {}

  static BufferedImage of(List<StepReport> log) {
    double[] step = log.stream().mapToDouble(StepReport::step).toArray();
    double[] loss = log.stream().mapToDouble(StepReport::loss).toArray();
    return Charts.lines(
        "loss",
        "step",
        Scale.LOGARITHMIC,
        List.of(
            new Curve("of one batch", step, loss),
            new Curve("smoothed", step, Charts.smoothed(loss, KEPT))));
  }
}
