package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Device;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Tensor;

/** How the pixels of an image lie in memory while linear layers see each of them by itself. */
enum PixelOrder {
  /** [N, pixels, C]: a product of matrices. On a CPU, BLAS computes it with one thread. */
  ROWS {
    @Override
    Tensor ordered(Tensor images) {
      return images.permute(0, 2, 3, 1).reshape(images.size(0), -1, images.size(1));
    }

    @Override
    Tensor heads(Linear layer, Tensor ordered, int heads) {
      Tensor rows = layer.forward(ordered);
      return rows.reshape(rows.size(0), rows.size(1), heads, -1).permute(0, 2, 1, 3);
    }

    @Override
    Tensor joined(Linear layer, Tensor mixed, long height, long width) {
      long n = mixed.size(0);
      Tensor rows = mixed.permute(0, 2, 1, 3).reshape(n, height * width, -1);
      return layer.forward(rows).reshape(n, height, width, -1).permute(0, 3, 1, 2);
    }
  },

  /** [N, C, H, W]: a convolution, which takes all threads. */
  PLANES {
    @Override
    Tensor ordered(Tensor images) {
      return images;
    }

    @Override
    Tensor heads(Linear layer, Tensor ordered, int heads) {
      Tensor planes = layer.ofPixels(ordered);
      long pixels = planes.size(2) * planes.size(3);
      Tensor columns = planes.reshape(planes.size(0), heads, -1, pixels);
      return columns.permute(0, 1, 3, 2).contiguous();
    }

    @Override
    Tensor joined(Linear layer, Tensor mixed, long height, long width) {
      Tensor columns = mixed.permute(0, 1, 3, 2);
      return layer.ofPixels(columns.reshape(mixed.size(0), -1, height, width));
    }
  };

  /** With fewer products in a linear layer than this, a convolution's beginning takes longer. */
  private static final long WORTH_A_CONVOLUTION = 1 << 23;

  /** Returns the faster one for {@code images} and the threads that this thread may use. */
  static PixelOrder of(Tensor images) {
    boolean large = images.numel() * images.size(1) >= WORTH_A_CONVOLUTION;
    return large && images.device() == Device.CPU && Engine.threads() > 1 ? PLANES : ROWS;
  }

  /** Returns [N, C, H, W] in this order. */
  abstract Tensor ordered(Tensor images);

  /** Returns what {@code layer} makes of each pixel, [N, heads, pixels, D]. */
  abstract Tensor heads(Linear layer, Tensor ordered, int heads);

  /** Returns what {@code layer} makes of the heads of each pixel, [N, C, H, W]. */
  abstract Tensor joined(Linear layer, Tensor mixed, long height, long width);
}
