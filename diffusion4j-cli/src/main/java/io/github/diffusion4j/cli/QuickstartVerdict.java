package io.github.diffusion4j.cli;

import io.github.diffusion4j.evaluation.DigitScore;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be said of the samples of a quickstart without claiming too much.
 *
 * @param title the line above the samples
 * @param advice what would make them better, where they are not good
 */
record QuickstartVerdict(String title, Optional<String> advice) {
  /** Images after which most samples are clear digits. */
  private static final long ENOUGH = 126_000;

  /** Not all of the time is training. */
  private static final double TIME_PER_TRAINING = 1.15;

  /** How good samples are; the worse of what two numbers say. */
  enum Quality {
    /** Most are clear digits. */
    DIGITS,
    /** Many can be read, others cannot. */
    PARTLY,
    /** Few or none can be read. */
    UNREADABLE;

    /**
     * Returns the quality.
     *
     * @param excess FD-digits of the samples less that of as many real digits
     */
    static Quality of(DigitScore score, double excess) {
      return worse(
          at(score.confidentShare() < 0.25, score.confidentShare() < 0.6),
          at(excess > 150, excess > 40));
    }

    private static Quality at(boolean isUnreadable, boolean isPoor) {
      return isUnreadable ? UNREADABLE : isPoor ? PARTLY : DIGITS;
    }

    private static Quality worse(Quality one, Quality other) {
      return one.compareTo(other) > 0 ? one : other;
    }
  }

  /**
   * Returns the verdict.
   *
   * @param score of the samples
   * @param excess FD-digits of the samples less that of as many real digits
   * @param images images seen in training
   * @param imagesPerSecond speed of the training
   */
  static QuickstartVerdict of(
      DigitScore score, double excess, long images, double imagesPerSecond) {
    Quality quality = Quality.of(score, excess);
    String share = String.format(Locale.ROOT, "%.0f of 100", 100 * score.confidentShare());
    return switch (quality) {
      case DIGITS ->
          new QuickstartVerdict("New digits: none of them was ever written", Optional.empty());
      case PARTLY ->
          new QuickstartVerdict(
              String.format(
                  Locale.ROOT, "Half-learned digits: %s can be read with confidence", share),
              Optional.of(trainLonger(images, imagesPerSecond)));
      case UNREADABLE ->
          new QuickstartVerdict(
              String.format(Locale.ROOT, "Not digits yet: %s can be read with confidence", share),
              Optional.of(trainLonger(images, imagesPerSecond)));
    };
  }

  private static String trainLonger(long images, double imagesPerSecond) {
    long needed = Math.max(ENOUGH, 2 * images);
    long minutes = (long) Math.ceil(TIME_PER_TRAINING * needed / imagesPerSecond / 60);
    return String.format(
        Locale.ROOT,
        "train longer: %,d images were seen, clear digits need some %,d, at the speed of this"
            + " machine ./diffusion4j quickstart --minutes %d",
        images,
        needed,
        minutes);
  }
}
