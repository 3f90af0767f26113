package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.torch.Tensor;

/**
 * L_simple, from which the network learns its prediction, and the bound, from which it learns the
 * variance alone ([iDDPM]).
 *
 * <pre>  L = L_simple + λ · L_vlb,  L_vlb ≈ T · L₍t−1₎ with the prediction held fixed </pre>
 *
 * <p>The paper's λ is 0.001. With T = 1000 the term is then added as it is; a loss that forgets the
 * factor T teaches the variance a thousand times too slowly. λ = 1 / T is what the paper's code
 * calls MSE with a learned variance, λ = 0.001 its RESCALED_MSE.
 *
 * @param simple L_simple
 * @param bound the bound, with the factor λ T
 */
public record HybridLoss(SimpleLoss simple, VariationalLoss bound) implements Loss {
  @Override
  public Tensor perSample(NoisyBatch batch, NetworkOutput output) {
    NetworkOutput frozen = new NetworkOutput(output.prediction().detach(), output.variance());
    return simple.perSample(batch, output).plus(bound.perSample(batch, frozen));
  }
}
