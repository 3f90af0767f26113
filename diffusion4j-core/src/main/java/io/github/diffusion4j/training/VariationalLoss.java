package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.BoundTerms;
import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ReverseProcess;
import io.github.diffusion4j.torch.Tensor;

/**
 * The term of the variational bound that belongs to the sample's time, in bits per dimension.
 *
 * <pre>  L = factor · L₍t−1₎ </pre>
 *
 * <p>Over uniformly drawn times the factor T makes it an estimate of the bound without L_T, which
 * no network changes.
 *
 * @param prediction what the network is asked for
 * @param process the reverse process whose steps are judged; x̂₀ is not clipped in training
 * @param terms the bound
 * @param factor what the term is multiplied with
 */
public record VariationalLoss(
    Prediction prediction, ReverseProcess process, BoundTerms terms, double factor)
    implements Loss {
  @Override
  public Tensor perSample(NoisyBatch batch, NetworkOutput output) {
    Tensor x0Hat = prediction.x0Hat(batch.xt(), output.prediction(), batch.levels());
    DiagonalGaussian step = process.step(batch.xt(), x0Hat, output.variance(), batch.t());
    return terms.term(batch.x0(), batch.xt(), step, batch.t()).times(factor);
  }
}
