package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** What sampling needs of a network: its answers, whoever computes them. */
@FunctionalInterface
public interface ForwardPass {
  /**
   * Returns the prediction for noisy samples, as {@link Network#forward} does without dropout.
   *
   * @param x F32 [N, …]
   * @param time F32 or I64 [N], counted from 0 as published networks do
   * @param labels I64 [N] for a conditional network, empty for an unconditional one
   * @throws IllegalArgumentException if a shape does not fit, or labels are missing or superfluous
   */
  Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels);
}
