package io.github.diffusion4j.training;

/** The loss is no longer a number; going on would only destroy the weights. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(long step, double loss) {
    super(
        "the loss is %s at step %d; try a lower training.learningRate.peak or a gradientClip"
            .formatted(loss, step));
  }
}
