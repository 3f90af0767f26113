package io.github.diffusion4j.torch;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The functions of networks that classify images [N, C, H, W]; such networks are not trained. */
public final class Vision {
  private static final double UNUSED_MOMENTUM = 0.1;

  private Vision() {}

  /**
   * Batch normalization with means and variances [C] that are known, then a scale and a shift by
   * channel.
   *
   * @param stabilizer the small number added to the variance
   */
  public static Tensor batchNorm(
      Tensor x, Tensor mean, Tensor variance, Tensor weight, Tensor bias, double stabilizer) {
    return new Tensor(
        torch.batch_norm(
            x.raw(),
            new TensorOptional(weight.raw()),
            new TensorOptional(bias.raw()),
            new TensorOptional(mean.raw()),
            new TensorOptional(variance.raw()),
            false,
            UNUSED_MOMENTUM,
            stabilizer,
            false));
  }

  /**
   * Returns the largest value of each window.
   *
   * @param size height and width of a window, in pixels
   * @param stride distance between two windows, in pixels
   * @param padding how far windows may reach over each border, in pixels
   */
  public static Tensor maxPool(Tensor x, int size, int stride, int padding) {
    return new Tensor(
        torch.max_pool2d(
            x.raw(),
            new long[] {size, size},
            new long[] {stride, stride},
            new long[] {padding, padding},
            new long[] {1, 1},
            false));
  }

  /**
   * Returns the mean of the window around each pixel; where it reaches over the border, the mean of
   * those pixels that there are.
   *
   * @param size height and width of a window, an odd number of pixels
   */
  public static Tensor meanAround(Tensor x, int size) {
    return new Tensor(
        torch.avg_pool2d(
            x.raw(),
            new long[] {size, size},
            new long[] {1, 1},
            new long[] {size / 2, size / 2},
            false,
            false,
            new LongOptional()));
  }

  /**
   * Resizes images by the mean of the four pixels around each place, weighted by how near they are.
   * The corners of the images, not the centers of their outermost pixels, lie on each other.
   */
  public static Tensor bilinear(Tensor x, long height, long width) {
    return new Tensor(torch.upsample_bilinear2d(x.raw(), new long[] {height, width}, false));
  }
}
