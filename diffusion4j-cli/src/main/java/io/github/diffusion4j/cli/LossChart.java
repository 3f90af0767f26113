package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.Charts.Curve;
import io.github.diffusion4j.cli.Charts.Scale;
import io.github.diffusion4j.training.StepReport;
import java.awt.image.BufferedImage;
import java.util.List;

/** The loss over a training. */
final class LossChart {
  /** The window of the smoothed curve, as a part of the training. */
  private static final double WINDOW = 0.03;

  private LossChart() {}

  static BufferedImage of(List<StepReport> log) {
    double[] step = log.stream().mapToDouble(StepReport::step).toArray();
    double[] loss = log.stream().mapToDouble(StepReport::loss).toArray();
    double kept = 1 - 1 / Math.max(3, WINDOW * loss.length);
    return Charts.lines(
        "loss",
        "step",
        Scale.LINEAR,
        List.of(
            new Curve("of one batch", step, loss),
            new Curve("smoothed", step, Charts.smoothed(loss, kept))));
  }
}
