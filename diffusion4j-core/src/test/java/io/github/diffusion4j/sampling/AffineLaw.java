package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/**
 * The law of what a sampler draws with a denoiser that is affine in x, exactly and without drawing:
 * its result is c + A x_T + Σ B_d z_d, and a batch in which each of x_T and the draws is 1 once
 * tells all of these numbers.
 *
 * @param mean of the result, if x_T has that of the data's process
 * @param variance of the result, if x_T has that of the data's process
 */
record AffineLaw(double mean, double variance) {

  /**
   * Returns the law.
   *
   * @param draws the largest number of a draw
   * @param noisiest where sampling begins
   */
  static AffineLaw of(
      Sampler sampler, GaussianData data, Denoiser denoiser, int draws, NoiseLevel noisiest) {
    try (Scope scope = Scope.open()) {
      int count = draws + 2;
      NoiseSource ones =
          new NoiseSource() {
            @Override
            public Tensor xT(long... shape) {
              return one(1, count);
            }

            @Override
            public Tensor z(int draw, long... shape) {
              return one(1 + draw, count);
            }
          };
      double[] ends = sampler.sample(denoiser, ones, SamplingListener.NONE, count, 1).toDoubles();
      double a = noisiest.signal();
      double b = noisiest.noise();
      double ofStart = (ends[1] - ends[0]) / Math.hypot(a, b);
      double variance = ofStart * ofStart * (a * a * data.variance() + b * b);
      for (int draw = 1; draw <= draws; draw++) {
        variance += Math.pow(ends[1 + draw] - ends[0], 2);
      }
      return new AffineLaw(ends[0] + ofStart * a * data.mean(), variance);
    }
  }

  private static Tensor one(int index, int count) {
    double[] values = new double[count];
    values[index] = 1;
    return Tensor.of(values, count, 1).to(DType.F64);
  }
}
