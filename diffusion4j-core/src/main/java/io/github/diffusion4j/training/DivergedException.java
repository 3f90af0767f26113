package io.github.diffusion4j.training;

/** The loss is no longer a number; going on would only destroy the weights. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Returns the loss of a step if it is a number. */
  public static double requireFinite(long step, double loss) {
    if (!Double.isFinite(loss)) {
      throw new DivergedException(step, loss);
    }
    return loss;
  }

  DivergedException(long step, double loss) {
    super(
        "the loss is %s at step %d; try a lower training.learningRate.peak or a gradientClip"
            .formatted(loss, step));
  }
}
