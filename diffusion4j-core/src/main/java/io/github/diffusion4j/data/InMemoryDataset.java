package io.github.diffusion4j.data;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** A data set whose pixels lie in one array. */
public final class InMemoryDataset implements ImageDataset {
  private final ImageShape shape;
  private final byte[] pixels;
  private final byte[] labels;
  private final List<String> classNames;

  private InMemoryDataset(ImageShape shape, byte[] pixels, byte[] labels, List<String> classNames) {
    if (pixels.length == 0 || pixels.length % shape.pixels() != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d bytes are not a number of images of shape %s",
              pixels.length,
              shape));
    }
    this.shape = shape;
    this.pixels = pixels;
    this.labels = labels;
    this.classNames = List.copyOf(classNames);
  }

  /**
   * Returns a data set without classes.
   *
   * @param pixels the images one after another, each {@code [C, H, W]}; used, not copied
   */
  public static InMemoryDataset of(ImageShape shape, byte[] pixels) {
    return new InMemoryDataset(shape, pixels, new byte[0], List.of());
  }

  /**
   * Returns a data set with classes.
   *
   * @param pixels the images one after another, each {@code [C, H, W]}; used, not copied
   * @param labels the class of each image as an unsigned byte below {@code classNames.size()}
   */
  public static InMemoryDataset labeled(
      ImageShape shape, byte[] pixels, byte[] labels, List<String> classNames) {
    InMemoryDataset result = new InMemoryDataset(shape, pixels, labels, classNames);
    if (labels.length != result.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d labels were given for %d images", labels.length, result.size()));
    }
    for (int i = 0; i < labels.length; i++) {
      if (Byte.toUnsignedInt(labels[i]) >= classNames.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "label of image %d is %d; allowed: 0…%d",
                i,
                Byte.toUnsignedInt(labels[i]),
                classNames.size() - 1));
      }
    }
    return result;
  }

  @Override
  public int size() {
    return pixels.length / shape.pixels();
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public void read(int index, byte[] target, int offset) {
    int length = shape.pixels();
    System.arraycopy(pixels, Math.multiplyExact(index, length), target, offset, length);
  }

  @Override
  public OptionalInt label(int index) {
    return labels.length == 0
        ? OptionalInt.empty()
        : OptionalInt.of(Byte.toUnsignedInt(labels[index]));
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public String fingerprint() {
    return new Fingerprint().add(shape).add(pixels).add(labels).digits();
  }
}
