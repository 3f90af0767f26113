package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;

/**
 * Improved PNDM: {@link PndmSampler} without a start of its own; the first steps use the averages
 * of lower order (iPNDM of [DEIS]).
 *
 * <pre>
 *   x' = signal' x̂₀ + noise' ε̄,  x̂₀ = (x − noise ε̄) / signal,  ε̄ = (55 ε̂₀ − 59 ε̂₁ + 37 ε̂₂ − 9 ε̂₃) / 24
 * </pre>
 *
 * <p>ε̂₀ is the present estimate and ε̂ⱼ the one j steps before. One evaluation a step. Where there
 * is no signal, ε̄ says nothing about the image, and x̂₀ is 0.
 */
public final class IpndmSampler extends ReverseChain {

  /** The sampler that takes the steps of {@code grid}. */
  public IpndmSampler(NoiseGrid grid) {
    super(grid, PndmSampler.MULTISTEP.length - 1);
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    double[] weights = PndmSampler.MULTISTEP[looks.count() - 1];
    Tensor average = looks.epsilonHat(0).times(weights[0]);
    for (int j = 1; j < weights.length; j++) {
      average = average.plus(looks.epsilonHat(j).times(weights[j]));
    }
    NoiseLevel now = looks.level(0);
    NoiseLevel next = level(s - 1);
    if (now.signal() == 0) {
      return average.times(next.noise());
    }
    Tensor x0Hat = looks.xt().minus(average.times(now.noise())).dividedBy(now.signal());
    return new Estimate(x0Hat, average).at(next);
  }
}
