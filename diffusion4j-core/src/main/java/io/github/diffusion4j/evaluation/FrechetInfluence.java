package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.LinearAlgebra;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/**
 * By how much each sample moves a Fréchet distance to a fixed reference: its derivative by the
 * weight of the sample, known in closed form.
 *
 * <pre>
 *  ψ(x) = 2 (μ₁ − μ₂)·x̃ + |x̃|² − x̃ᵀ T x̃,   x̃ = x − μ₁,   T Σ₁ T = Σ₂
 * </pre>
 *
 * <p>The distance of N samples varies as the mean of ψ over them does, so its standard error is the
 * standard deviation of ψ divided by √N (the infinitesimal jackknife), for N well above the number
 * of features. With no more samples than features the distance is not smooth enough: each sample
 * has a direction of its own, and moving it changes the distance by another law than weighing it.
 * Resampling with replacement would not do: copies make the covariance smaller, and every distance
 * larger.
 */
final class FrechetInfluence {
  private static final int ROWS = 2048;

  private FrechetInfluence() {}

  /** Returns ψ of each sample, up to a constant. */
  static double[] of(Features samples, GaussianStatistics own, GaussianStatistics reference) {
    double[] influences = new double[samples.count()];
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor factor = own.factor(); // Σ₁ = L Lᵀ; x̃ = L z, z = L⁺ x̃
      Tensor inverse = factor.dividedBy(factor.square().sum(0));
      Tensor transport = // Lᵀ T L
          LinearAlgebra.symmetricSqrt(
              factor.permute(1, 0).matmul(reference.covariance()).matmul(factor));
      Tensor slope = own.mean().minus(reference.mean()).times(2).reshape(-1, 1);
      for (int first = 0; first < samples.count(); first += ROWS) {
        try (Scope block = Scope.open()) {
          int length = Math.min(ROWS, samples.count() - first);
          Tensor centered = samples.rows(first, length).minus(own.mean());
          Tensor z = centered.matmul(inverse);
          Tensor moved = z.matmul(transport).times(z).sum(1);
          double[] some =
              centered.matmul(slope).sum(1).plus(centered.square().sum(1)).minus(moved).toDoubles();
          System.arraycopy(some, 0, influences, first, length);
        }
      }
    }
    return influences;
  }

  /** Returns the standard deviation of ψ over the samples. */
  static double deviation(Features samples, GaussianStatistics own, GaussianStatistics reference) {
    double[] influences = of(samples, own, reference);
    double mean = 0;
    for (double influence : influences) {
      mean += influence / influences.length;
    }
    double squares = 0;
    for (double influence : influences) {
      squares += (influence - mean) * (influence - mean);
    }
    return Math.sqrt(squares / (influences.length - 1.0));
  }
}
