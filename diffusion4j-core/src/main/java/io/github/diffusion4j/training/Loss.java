package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.torch.Tensor;

/** What a network's answer to noisy samples costs. */
public sealed interface Loss permits SimpleLoss, VariationalLoss, HybridLoss {
  /** Returns the loss of each sample, [N]. */
  Tensor perSample(NoisyBatch batch, NetworkOutput output);
}
