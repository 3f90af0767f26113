package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/**
 * Dynamic thresholding ([Imagen]): the images are scaled down until all but a few pixels lie in the
 * range of the data.
 *
 * <pre>  s = clamp(quantile of |x̂₀| of each image, 1, most),  x̂₀ ← clip(x̂₀, −s, s) / s </pre>
 *
 * @param ratio the quantile, in (0, 1]; 0.995 is usual
 * @param most the largest s
 */
public record DynamicThreshold(double ratio, double most) {
  /** Refuses quantiles outside (0, 1]. */
  public DynamicThreshold {
    if (!(ratio > 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio is " + ratio + "; allowed: 0 < ratio ≤ 1");
    }
    if (!(most > 0)) {
      throw new IllegalArgumentException("most is " + most + "; allowed: above 0");
    }
  }

  /** Returns the thresholded images, [N, …]. */
  public Tensor apply(Tensor x0Hat) {
    long images = x0Hat.size(0);
    Tensor flat = x0Hat.reshape(images, -1);
    Tensor quantile = Functions.quantile(flat.abs(), ratio, 1);
    Tensor s = quantile.clamp(Math.min(1, most), most).reshape(images, 1);
    return flat.minimum(s).maximum(s.negated()).dividedBy(s).reshape(x0Hat.shape());
  }
}
