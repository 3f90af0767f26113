package io.github.diffusion4j.errata;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.Estimate;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;

/** The best denoiser if all data are one image: it knows the image, and the rest is noise. */
record OneImage(double x0) implements Denoiser {
  @Override
  public Estimate estimate(Tensor xt, NoiseLevel level) {
    return of(xt, filled(x0, xt.shape()), level);
  }

  /** Takes {@code xt} apart into the given image and noise. */
  static Estimate of(Tensor xt, Tensor x0Hat, NoiseLevel level) {
    return new Estimate(x0Hat, xt.minus(x0Hat.times(level.signal())).dividedBy(level.noise()));
  }

  private static Tensor filled(double value, long... shape) {
    return Tensor.zeros(shape).to(DType.F64).plus(value);
  }

  /** Begins everywhere at {@code start} and adds {@code z} everywhere. */
  record Plain(double start, double z) implements NoiseSource {
    @Override
    public Tensor xT(long... shape) {
      return filled(start, shape);
    }

    @Override
    public Tensor z(int draw, long... shape) {
      return filled(z, shape);
    }
  }
}
