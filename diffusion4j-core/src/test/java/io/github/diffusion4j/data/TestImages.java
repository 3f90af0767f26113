package io.github.diffusion4j.data;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** Small data sets for tests. */
final class TestImages {
  private TestImages() {}

  /**
   * Images {@code [1, 2, 3]}; every pixel of image i is i but for the last column, which is 255.
   */
  static ImageDataset numbered(int count) {
    byte[] pixels = new byte[count * 6];
    byte[] labels = new byte[count];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 3 == 2 ? (byte) 255 : (byte) (i / 6);
    }
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 4);
    }
    return InMemoryDataset.labeled(
        new ImageShape(1, 2, 3), pixels, labels, List.of("a", "b", "c", "d"));
  }

  /** Returns the pixels of one image. */
  static int[] pixels(ImageDataset dataset, int index) throws IOException {
    byte[] bytes = new byte[dataset.shape().pixels()];
    dataset.read(index, bytes, 0);
    int[] values = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return values;
  }

  /** Unlabeled black images {@code [1, 1, 1]}; an action comes before each is read. */
  record Watched(int size, BeforeRead beforeRead) implements ImageDataset {
    @Override
    public ImageShape shape() {
      return new ImageShape(1, 1, 1);
    }

    @Override
    public void read(int index, byte[] target, int offset) throws IOException {
      beforeRead.read(index);
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
      return "0000000000000000";
    }
  }

  interface BeforeRead {
    void read(int index) throws IOException;
  }
}
