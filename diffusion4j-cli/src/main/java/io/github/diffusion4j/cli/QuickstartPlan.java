package io.github.diffusion4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How the minutes of a quickstart are divided: most of them train, at most a fifth judges.
 *
 * @param trainingSeconds how long is trained
 * @param judged samples that are judged
 * @param minutesPerGrid minutes of training from one grid of samples to the next
 * @param images images that will be seen
 */
record QuickstartPlan(double trainingSeconds, int judged, int minutesPerGrid, long images) {
  /** Samples in a grid; they are judged too. */
  static final int GRID = 64;

  /** Samples that are judged where the time allows it. */
  static final int JUDGED = 512;

  private static final double SHARE_OF_JUDGING = 0.2;
  private static final double SHARE_OF_GRIDS = 0.05;

  /** Pictures, report and checkpoints take about as long as drawing this many images. */
  private static final double PICTURES = 32;

  /** However short the time is, something is learned. */
  private static final double LEAST_SHARE_OF_TRAINING = 0.1;

  /**
   * Divides what is left.
   *
   * @param left seconds until the end; may be negative
   * @param all seconds of the whole quickstart
   * @param wanted samples to judge, whatever it costs; empty for as many as there is time for
   */
  static QuickstartPlan of(double left, double all, MachineSpeed speed, OptionalInt wanted) {
    double perImage = speed.drawingSeconds();
    int judged = wanted.orElse(judgedWithin(SHARE_OF_JUDGING * left, perImage));
    double rest = left - (judged + PICTURES) * perImage;
    double perGrid = GRID * perImage;
    int minutesPerGrid = Math.max(1, (int) Math.ceil(perGrid / (60 * SHARE_OF_GRIDS)));
    double grids = Math.floor(rest / (60 * minutesPerGrid + perGrid));
    double training = Math.max(rest - grids * perGrid, LEAST_SHARE_OF_TRAINING * all);
    long images = Math.round(training * speed.imagesPerSecond());
    return new QuickstartPlan(training, judged, minutesPerGrid, images);
  }

  /**
   * Returns how many samples can be judged in {@code seconds}: {@link #JUDGED} halved as often as
   * needed, but not fewer than are in a grid.
   */
  static int judgedWithin(double seconds, double drawingSeconds) {
    int count = JUDGED;
    while (count > GRID && count * drawingSeconds > seconds) {
      count /= 2;
    }
    return count;
  }

  /** Returns what had to be less than usual for want of time, a sentence each. */
  List<String> reductions(int judged) {
    List<String> sentences = new ArrayList<>();
    if (judged < JUDGED) {
      sentences.add(
          "Only %d samples were judged instead of %d, for want of time: FD-digits is larger and all shares are rougher with fewer."
              .formatted(judged, JUDGED));
    }
    if (minutesPerGrid > 1) {
      sentences.add(
          "A grid of samples was drawn every %d minutes instead of every minute, for want of time."
              .formatted(minutesPerGrid));
    }
    return sentences;
  }
}
