package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.Charts.Curve;
import io.github.diffusion4j.training.StepReport;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/** The loss over a training. */
final class LossChart {
  /** The window of the smoothed curve, as a part of the training. */
  private static final double WINDOW = 0.03;

  /**
   * The vertical axis ends at this many times the median, so that the first steps do not flatten
   * it.
   */
  private static final double HEADROOM = 2.5;

  private LossChart() {}

  static BufferedImage of(List<StepReport> log) {
    double[] step = log.stream().mapToDouble(StepReport::step).toArray();
    double[] loss = log.stream().mapToDouble(StepReport::loss).toArray();
    double kept = 1 - 1 / Math.max(3, WINDOW * loss.length);
    double middle = Arrays.stream(loss).sorted().skip(loss.length / 2).findFirst().orElse(1);
    return Charts.linesUpTo(
        HEADROOM * middle,
        "loss",
        "step",
        List.of(
            new Curve("of one batch", step, loss),
            new Curve("smoothed", step, Charts.smoothed(loss, kept))));
  }
}
