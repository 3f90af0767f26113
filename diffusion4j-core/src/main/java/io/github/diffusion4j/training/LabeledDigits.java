package io.github.diffusion4j.training;

import static io.github.diffusion4j.nn.DigitClassifier.SIZE;

import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.nn.DigitClassifier;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Digits with their labels, all in memory, one byte per pixel. */
public final class LabeledDigits {
  static final int PIXELS = SIZE * SIZE;
  private static final int BATCH = 250;

  private final byte[] pixels;
  private final int[] labels;

  private LabeledDigits(byte[] pixels, int[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /**
   * Reads a whole data set.
   *
   * @throws IOException if an image cannot be read
   * @throws IllegalArgumentException if the images are not [1, 28, 28] or one has no label, or a
   *     label that is no digit
   */
  public static LabeledDigits read(ImageDataset dataset) throws IOException {
    ImageShape shape = dataset.shape();
    if (!shape.equals(new ImageShape(1, SIZE, SIZE))) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "the images have shape %s; allowed: [1, 28, 28]", shape));
    }
    byte[] pixels = new byte[Math.multiplyExact(dataset.size(), PIXELS)];
    int[] labels = new int[dataset.size()];
    for (int i = 0; i < dataset.size(); i++) {
      dataset.read(i, pixels, i * PIXELS);
      OptionalInt label = dataset.label(i);
      if (label.isEmpty() || label.getAsInt() >= DigitClassifier.CLASSES) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "image %d has %s; allowed: a label from 0 to 9",
                i,
                label.isEmpty() ? "no label" : "the label " + label.getAsInt()));
      }
      labels[i] = label.getAsInt();
    }
    return new LabeledDigits(pixels, labels);
  }

  /** Returns the number of images. */
  public int size() {
    return labels.length;
  }

  /** Returns the digit that image {@code index} shows. */
  public int label(int index) {
    return labels[index];
  }

  /** Returns all images in batches, F32 [N, 1, 28, 28] in [−1, 1], each made when asked for. */
  public Iterable<Tensor> batches() {
    return () ->
        IntStream.range(0, (size() + BATCH - 1) / BATCH)
            .mapToObj(i -> images(i * BATCH, Math.min(BATCH, size() - i * BATCH)))
            .iterator();
  }

  /** Returns {@code count} images from {@code start} on, F32 [count, 1, 28, 28] in [−1, 1]. */
  public Tensor images(int start, int count) {
    byte[] bytes = Arrays.copyOfRange(pixels, start * PIXELS, (start + count) * PIXELS);
    return Tensor.of(PixelRange.toModel(bytes), count, 1, SIZE, SIZE);
  }

  /** Returns the pixel of image {@code index}, in [−1, 1]; beyond the border lies paper, −1. */
  float pixel(int index, int row, int column) {
    boolean inside = row >= 0 && row < SIZE && column >= 0 && column < SIZE;
    return inside ? PixelRange.toModel(pixels[index * PIXELS + row * SIZE + column]) : -1;
  }
}
