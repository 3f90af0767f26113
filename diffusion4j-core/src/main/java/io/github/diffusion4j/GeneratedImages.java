package io.github.diffusion4j;

import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.util.Locale;

/**
 * Images that a generator draws, rounded to 8 bits as a file of them would be.
 *
 * @param generator who draws; it stays the caller's
 * @param weights names the generator's weights, for {@link #fingerprint}
 * @param size how many
 * @param seed the number that names the seed
 * @param atOnce how many are drawn together; the last digits of their pixels depend on it
 */
public record GeneratedImages(
    ImageGenerator generator, String weights, int size, long seed, int atOnce)
    implements ImageSource {

  /** Refuses sizes below 1. */
  public GeneratedImages {
    if (size < 1 || atOnce < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d images, %d at once; allowed: 1 or more", size, atOnce));
    }
  }

  @Override
  public ImageShape shape() {
    return generator.shape();
  }

  @Override
  public String description() {
    return String.format(Locale.ROOT, "%s, seed %s", generator.description(), seed);
  }

  @Override
  public String fingerprint() {
    return String.format(
        Locale.ROOT, "drawn %s %s, seed %s, %s at once", weights, generator.manner(), seed, atOnce);
  }

  @Override
  public byte[] pixels(int first, int count) {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      return PixelRange.toBytes(generator.draw(first, count, Seed.of(seed)));
    }
  }
}
