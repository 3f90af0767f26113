package io.github.diffusion4j;

import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Draws digits with noise on them; stops as if killed when its patience ends. */
final class NoisyDigits implements ImageGenerator {
  int drawn;
  int patience = Integer.MAX_VALUE;
  private final ImageDataset digits;

  NoisyDigits(ImageDataset digits) {
    this.digits = digits;
  }

  @Override
  public ImageShape shape() {
    return digits.shape();
  }

  @Override
  public long parameters() {
    return 0;
  }

  @Override
  public Tensor draw(long first, int count, Seed seed) {
    if (drawn + count > patience) {
      throw new IllegalStateException("killed");
    }
    drawn += count;
    List<Tensor> images = new ArrayList<>();
    byte[] one = new byte[digits.shape().pixels()];
    for (long i = first; i < first + count; i++) {
      try {
        digits.read((int) i, one, 0);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      Tensor noise = seed.derive(i).normal(1, 28, 28).times(0.5);
      images.add(Tensor.of(PixelRange.toModel(one), 1, 28, 28).plus(noise).clamp(-1, 1));
    }
    return Tensor.stack(images, 0);
  }

  @Override
  public void close() {}
}
