package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.Tensor;

/**
 * The mean squared error between prediction and target, [DDPM Eq. 14], each sample with the weight
 * of its time.
 *
 * <pre>  L = mean over samples of w(t) · mean over their numbers of (target − output)² </pre>
 *
 * @param weighting w; uniform is the paper's L_simple
 */
public record SimpleLoss(LossWeighting weighting) {

  /** Returns the loss, a tensor of no dimensions; {@code t} has one time per sample. */
  public Tensor of(Tensor output, Tensor target, int[] t) {
    Tensor error = target.minus(output).square();
    if (weighting instanceof LossWeighting.Uniform) {
      return error.mean();
    }
    float[] weights = new float[t.length];
    for (int n = 0; n < t.length; n++) {
      weights[n] = (float) weighting.weight(t[n]);
    }
    return error.reshape(t.length, -1).mean(1).times(Tensor.of(weights, t.length)).mean();
  }
}
