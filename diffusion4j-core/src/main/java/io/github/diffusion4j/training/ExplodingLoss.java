package io.github.diffusion4j.training;

/**
 * Notices a loss that explodes while it is still a number: in {@value #STEPS} steps in a row it is
 * more than {@value #FACTOR} times the largest loss of the first steps, those in which the first
 * {@value #SAMPLES} samples were seen.
 *
 * <p>A single large loss means nothing, however large: losses of a few samples, of drawn times or
 * of terms of the bound have heavy tails. The first steps come before the weights have changed
 * much, so that a rate which ruins them at once does not raise what later losses are compared with;
 * and losses that are drawn alike, whatever their distribution, exceed the largest of n first ones
 * for k steps in a row with a chance of at most 1 / C(n + k, k), even without the factor. A
 * training that is resumed takes its first steps anew: there, a loss as large as this is as bad.
 */
final class ExplodingLoss {
  static final int STEPS = 20;
  static final double FACTOR = 100;
  static final int SAMPLES = 64;

  private final int firstSteps;
  private int seen;
  private double reference;
  private int inARow;

  /** Watches the losses of batches of {@code batch} samples. */
  ExplodingLoss(int batch) {
    this.firstSteps = (SAMPLES + batch - 1) / batch;
  }

  /**
   * Takes in the loss of a step.
   *
   * @throws DivergedException if the loss has exploded
   */
  void observe(long step, double loss, double gradientNorm) {
    if (seen < firstSteps) {
      seen++;
      reference = Math.max(reference, Math.abs(loss));
    } else {
      inARow = loss > FACTOR * reference ? inARow + 1 : 0;
    }
    if (inARow == STEPS) {
      throw DivergedException.exploded(step, loss, gradientNorm, reference);
    }
  }

  /** Returns whether the last loss was large, so that the steps to come will tell. */
  boolean isInDoubt() {
    return inARow > 0;
  }
}
