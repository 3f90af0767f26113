package io.github.diffusion4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * How the minutes of a quickstart are divided: most of them train, at most a fifth judges.
 *
 * @param trainingSeconds how long is trained
 * @param steps in which samples are drawn
 * @param judged samples that are judged
 * @param isWanted whether that is a wish, whatever it costs
 * @param minutesPerGrid minutes of training from one grid of samples to the next
 * @param images images that will be seen
 */
record QuickstartPlan(
    double trainingSeconds,
    int steps,
    int judged,
    boolean isWanted,
    int minutesPerGrid,
    long images) {
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

  /** Fewer steps of drawing leave nothing to judge. */
  private static final int LEAST_STEPS = 10;

  /**
   * Divides what is left.
   *
   * @param deadline what is left, and what there was
   * @param steps in which samples are usually drawn
   * @param wanted samples to judge, whatever it costs; empty for as many as there is time for
   */
  static QuickstartPlan of(Deadline deadline, MachineSpeed speed, int steps, OptionalInt wanted) {
    double left = deadline.left();
    int affordable = steps(SHARE_OF_JUDGING * left, speed.stepSeconds(), steps);
    double perImage = affordable * speed.stepSeconds();
    int judged = wanted.orElse(judgedWithin(SHARE_OF_JUDGING * left, perImage));
    double rest = left - (judged + PICTURES) * perImage;
    double perGrid = GRID * steps * speed.stepSeconds();
    int minutesPerGrid = Math.max(1, (int) Math.ceil(perGrid / (60 * SHARE_OF_GRIDS)));
    double grids = Math.max(0, Math.floor(rest / (60 * minutesPerGrid + perGrid)));
    double training =
        Math.max(rest - grids * perGrid, LEAST_SHARE_OF_TRAINING * deadline.seconds());
    long images = Math.round(training * speed.imagesPerSecond());
    return new QuickstartPlan(
        training, affordable, judged, wanted.isPresent(), minutesPerGrid, images);
  }

  /** Returns in how many steps a grid can be drawn in {@code seconds}, halving as needed. */
  private static int steps(double seconds, double stepSeconds, int usual) {
    int steps = usual;
    while (steps >= 2 * LEAST_STEPS && GRID * steps * stepSeconds > seconds) {
      steps /= 2;
    }
    return steps;
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
  List<String> reductions(int judged, int usualSteps) {
    List<String> sentences = new ArrayList<>();
    if (steps < usualSteps) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "Samples were drawn in %d steps instead of %d, for want of time: more steps draw better ones.",
              steps,
              usualSteps));
    }
    if (judged < JUDGED) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "Only %d samples were judged instead of %d, for want of time: FD-digits is larger and all shares are rougher with fewer.",
              judged,
              JUDGED));
    }
    if (minutesPerGrid > 1 && trainingSeconds > 60) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "A grid of samples was drawn every %d minutes instead of every minute, for want of time.",
              minutesPerGrid));
    }
    return sentences;
  }
}
