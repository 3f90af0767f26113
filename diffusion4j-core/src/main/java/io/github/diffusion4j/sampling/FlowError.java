package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;

/**
 * How far deterministic samplers end from the exact solution of the probability-flow equation, for
 * data whose law is a Gaussian mixture, so that no network errs.
 */
public final class FlowError {
  private static final Tolerance FINE = new Tolerance(1e-11, 1e-11);

  /** Where x̂₀ can no longer be told from x₀, for a reference that ends at a clean image. */
  private static final double SMALLEST_SIGMA = 1e-5;

  private final GaussianMixture data;
  private final double[] starts;
  private final double[] exact;

  /**
   * Solves the flow once, to ten digits.
   *
   * @param data the law of x₀
   * @param ends a grid with the first and the last level of all samplers that are to be measured
   * @param points how many standard normal starts are followed
   */
  public FlowError(GaussianMixture data, NoiseGrid ends, int points, Seed seed) {
    this.data = data;
    try (Scope scope = Scope.open()) {
      this.starts = seed.normal(points, data.dimensions()).to(DType.F64).toDoubles();
      this.exact = ends(new AdaptiveOdeSampler(reference(ends), FINE));
    }
  }

  private static NoiseGrid reference(NoiseGrid grid) {
    NoiseLevel start = grid.level(grid.steps());
    NoiseLevel end = grid.level(0);
    return end.noise() > 0
        ? NoiseGrid.of(grid.curve(), end, start)
        : NoiseGrid.of(grid.curve(), end, grid.curve().atSigma(SMALLEST_SIGMA), start);
  }

  /**
   * Returns the root of the mean squared distance between the ends of {@code sampler} and the exact
   * ones.
   *
   * @throws IllegalArgumentException if the sampler draws noise
   */
  public double of(Sampler sampler) {
    double[] ends = ends(sampler);
    double sum = 0;
    for (int i = 0; i < ends.length; i++) {
      sum += (ends[i] - exact[i]) * (ends[i] - exact[i]);
    }
    return Math.sqrt(sum * data.dimensions() / ends.length);
  }

  private double[] ends(Sampler sampler) {
    try (Scope scope = Scope.open()) {
      long points = starts.length / data.dimensions();
      Tensor xT = Tensor.of(starts, points, data.dimensions());
      return sampler
          .sample(new MixtureDenoiser(data), new Start(xT), SamplingListener.NONE, xT.shape())
          .toDoubles();
    }
  }

  private record Start(Tensor given) implements NoiseSource {
    @Override
    public Tensor xT(long... shape) {
      return given;
    }

    @Override
    public Tensor z(int draw, long... shape) {
      throw new IllegalArgumentException("this sampler draws noise, and so follows no flow");
    }
  }
}
