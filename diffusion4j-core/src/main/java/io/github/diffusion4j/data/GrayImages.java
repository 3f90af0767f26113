package io.github.diffusion4j.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Gray images that lie in files of three equal channels, as the one channel that they are.
 *
 * @param colored the images as their files have them, [3, H, W]
 */
record GrayImages(ImageDataset colored) implements ImageDataset {

  /** Returns {@code images}, those with three channels as one if they are gray in all images. */
  static ImageDataset reduced(ImageDataset images) throws IOException {
    if (images.shape().channels() != 3) {
      return images;
    }
    int plane = images.shape().pixels() / 3;
    byte[] pixels = new byte[3 * plane];
    for (int i = 0; i < images.size(); i++) {
      images.read(i, pixels, 0);
      if (!Arrays.equals(pixels, 0, plane, pixels, plane, 2 * plane)
          || !Arrays.equals(pixels, 0, plane, pixels, 2 * plane, 3 * plane)) {
        return images;
      }
    }
    return new GrayImages(images);
  }

  @Override
  public int size() {
    return colored.size();
  }

  @Override
  public ImageShape shape() {
    return new ImageShape(1, colored.shape().height(), colored.shape().width());
  }

  @Override
  public void read(int index, byte[] target, int offset) throws IOException {
    byte[] pixels = new byte[colored.shape().pixels()];
    colored.read(index, pixels, 0);
    System.arraycopy(pixels, 0, target, offset, shape().pixels());
  }

  @Override
  public OptionalInt label(int index) {
    return colored.label(index);
  }

  @Override
  public List<String> classNames() {
    return colored.classNames();
  }

  @Override
  public String fingerprint() {
    return new Fingerprint().add("gray").add(colored.fingerprint()).digits();
  }
}
