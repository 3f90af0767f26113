package io.github.diffusion4j.evaluation;

import java.util.List;

/**
 * What the digit judge says of a set of images.
 *
 * @param frechetDistance FD-digits: squared Fréchet distance between the judge's features of the
 *     images and of MNIST's training images, at least 0; smaller is better. It is not an FID, and
 *     it grows as the set gets smaller, so compare sets of equal size only
 * @param confidentShare share of the images of which the judge is sure which digit they show, in
 *     [0, 1]
 * @param countPerDigit how many images the judge reads as 0, 1, …, 9
 */
public record DigitScore(
    double frechetDistance, double confidentShare, List<Integer> countPerDigit) {
  /** Copies the counts. */
  public DigitScore {
    countPerDigit = List.copyOf(countPerDigit);
  }

  /** Returns the number of images. */
  public int samples() {
    return countPerDigit.stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Returns how evenly the images spread over the ten digits: the entropy of the counts divided by
   * ln 10, from 0 (all one digit) to 1 (equally many of each).
   */
  public double spread() {
    double entropy = 0;
    for (int count : countPerDigit) {
      if (count > 0) {
        double share = (double) count / samples();
        entropy -= share * Math.log(share);
      }
    }
    return entropy / Math.log(countPerDigit.size());
  }
}
