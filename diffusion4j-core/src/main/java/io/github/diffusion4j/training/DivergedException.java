package io.github.diffusion4j.training;

import java.util.Locale;

/** A training has diverged; going on would only destroy the weights further. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long step;
  private final long firstStep;
  private final double loss;
  private final double gradientNorm;

  private DivergedException(
      long step, long firstStep, double loss, double gradientNorm, String what) {
    super(
        String.format(
            Locale.ROOT,
            "the training diverged at step %d: loss %.4g, norm of the gradient %.4g%s",
            step,
            loss,
            gradientNorm,
            what));
    this.step = step;
    this.firstStep = firstStep;
    this.loss = loss;
    this.gradientNorm = gradientNorm;
  }

  /**
   * Refuses a step whose loss or gradient is not finite; called before the weights are changed.
   *
   * @param step 1 for the first
   */
  public static void requireFinite(long step, double loss, double gradientNorm) {
    if (!Double.isFinite(loss) || !Double.isFinite(gradientNorm)) {
      throw new DivergedException(step, step, loss, gradientNorm, "");
    }
  }

  static DivergedException ofWeights(long step, double loss, double gradientNorm) {
    return new DivergedException(
        step, step, loss, gradientNorm, ", and weights that are not finite");
  }

  static DivergedException exploded(long step, double loss, double gradientNorm, double reference) {
    return new DivergedException(
        step,
        step - ExplodingLoss.STEPS + 1,
        loss,
        gradientNorm,
        String.format(
            Locale.ROOT,
            ", and for %d steps the loss has been more than %.0f times the %.4g of the beginning",
            ExplodingLoss.STEPS,
            ExplodingLoss.FACTOR,
            reference));
  }

  /** Returns the step at which it was noticed. */
  public long step() {
    return step;
  }

  /** Returns the first step after which the weights are known to be bad. */
  public long firstStep() {
    return firstStep;
  }

  /** Returns the loss of the step. */
  public double loss() {
    return loss;
  }

  /** Returns the norm of the gradient of the step, before clipping. */
  public double gradientNorm() {
    return gradientNorm;
  }
}
