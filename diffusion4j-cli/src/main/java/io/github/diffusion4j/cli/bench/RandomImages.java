package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Images of evenly distributed bytes: to a processor as good as any. */
record RandomImages(ImageShape shape) implements ImageDataset {
  private static final int COUNT = 2048;

  @Override
  public int size() {
    return COUNT;
  }

  @Override
  public void read(int index, byte[] target, int offset) {
    SplittableRandom random = new SplittableRandom(index);
    byte[] image = new byte[shape.pixels()];
    random.nextBytes(image);
    System.arraycopy(image, 0, target, offset, image.length);
  }

  @Override
  public OptionalInt label(int index) {
    return OptionalInt.empty();
  }

  @Override
  public List<String> classNames() {
    return List.of();
  }

  @Override
  public String fingerprint() {
    return "0".repeat(16);
  }
}
