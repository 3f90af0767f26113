package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Vision;

/** How images are brought to the size that a network wants; distances depend on it. */
public enum Resize {
  /**
   * Bilinear as TensorFlow 1 did it: the first pixel lies on the first, and not the centers of the
   * images on each other, so that everything moves by a fraction of a pixel. When images become
   * smaller, pixels are left out.
   */
  TF1_BILINEAR {
    @Override
    Tensor change(Tensor images, int height, int width) {
      return separable(images, height, width, Resize::tf1);
    }
  },

  /**
   * Bilinear as PyTorch does it without further options: centered, and when images become smaller,
   * pixels are left out.
   */
  BILINEAR {
    @Override
    Tensor change(Tensor images, int height, int width) {
      return Vision.bilinear(images, height, width);
    }
  },

  /**
   * Bicubic as Pillow does it on floating-point channels: centered, the kernel as wide as a pixel
   * of the smaller image, so that every pixel counts. What leaves 0…255 is cut.
   */
  PIL_BICUBIC {
    @Override
    Tensor change(Tensor images, int height, int width) {
      return separable(images, height, width, Resize::pillow).clamp(0, 255);
    }
  };

  private static final double SHARPNESS = -0.5; // of the cubic kernel, whose reach is 2
  private static final double REACH = 2;

  /**
   * Returns images of another size.
   *
   * @param images [N, C, H, W] F32, in 0…255
   * @return [N, C, height, width] F32; {@code images} itself where nothing is to be done
   */
  public Tensor apply(Tensor images, int height, int width) {
    if (images.size(2) == height && images.size(3) == width) {
      return images;
    }
    return change(images, height, width);
  }

  abstract Tensor change(Tensor images, int height, int width);

  /** How much each of {@code from} old pixels adds to each of {@code to} new ones, row by row. */
  private interface Weights {
    double[] of(int to, int from);
  }

  /** One direction after the other, in 64 bits. */
  private static Tensor separable(Tensor images, int height, int width, Weights weights) {
    int oldHeight = (int) images.size(2);
    int oldWidth = (int) images.size(3);
    Tensor rows = Tensor.of(weights.of(height, oldHeight), height, oldHeight);
    Tensor columns = Tensor.of(weights.of(width, oldWidth), width, oldWidth);
    Tensor wide = images.to(DType.F64).matmul(columns.permute(1, 0));
    return rows.matmul(wide).to(DType.F32);
  }

  private static double[] tf1(int to, int from) {
    double[] weights = new double[to * from];
    for (int i = 0; i < to; i++) {
      double place = (double) i * from / to;
      int below = (int) place;
      int above = Math.min(below + 1, from - 1);
      weights[i * from + below] += 1 - (place - below);
      weights[i * from + above] += place - below;
    }
    return weights;
  }

  private static double[] pillow(int to, int from) {
    double[] weights = new double[to * from];
    double step = (double) from / to;
    double scale = Math.max(step, 1);
    for (int i = 0; i < to; i++) {
      double center = (i + 0.5) * step;
      int first = Math.max((int) (center - REACH * scale + 0.5), 0);
      int end = Math.min((int) (center + REACH * scale + 0.5), from);
      double sum = 0;
      for (int j = first; j < end; j++) {
        double weight = cubic((j + 0.5 - center) / scale);
        weights[i * from + j] = weight;
        sum += weight;
      }
      for (int j = first; j < end; j++) {
        weights[i * from + j] /= sum;
      }
    }
    return weights;
  }

  private static double cubic(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((SHARPNESS + 2) * x - (SHARPNESS + 3)) * x * x + 1;
    }
    return x < REACH ? SHARPNESS * (((x - 5) * x + 8) * x - 4) : 0;
  }
}
