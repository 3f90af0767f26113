package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.torch.Tensor;

/**
 * Samples made noisy, with what they were made of.
 *
 * @param x0 the samples themselves, [N, …]
 * @param epsilon the noise, same shape
 * @param levels how much of both each one holds
 * @param xt the mixture, same shape
 */
public record NoisyBatch(Tensor x0, Tensor epsilon, BatchLevels levels, Tensor xt) {
  /** Returns the samples at the times {@code t}, one for each, in 1…T. */
  public static NoisyBatch of(ForwardProcess process, Tensor x0, int[] t, Tensor epsilon) {
    BatchLevels levels = process.levels(t);
    return new NoisyBatch(x0, epsilon, levels, levels.mix(x0, epsilon));
  }

  /** Returns the times. */
  public int[] t() {
    return levels.levels().stream().mapToInt(level -> (int) level.t()).toArray();
  }
}
