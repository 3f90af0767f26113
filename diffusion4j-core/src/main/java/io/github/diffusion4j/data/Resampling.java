package io.github.diffusion4j.data;

/**
 * Scales pictures with a triangle filter that is widened for reduction, so that every source pixel
 * counts and fine patterns turn gray instead of into false ones; enlarging is linear interpolation.
 */
final class Resampling {
  private Resampling() {}

  static Picture resize(Picture source, int height, int width) {
    ImageShape from = source.shape();
    if (from.height() == height && from.width() == width) {
      return source;
    }
    ImageShape to = new ImageShape(from.channels(), height, width);
    byte[] result = new byte[to.pixels()];
    float[] narrowed = alongRows(source, width);
    Weights[] vertical = weights(from.height(), height);
    for (int channel = 0; channel < to.channels(); channel++) {
      for (int y = 0; y < height; y++) {
        Weights taps = vertical[y];
        int top = (channel * from.height() + taps.first) * width;
        int target = (channel * height + y) * width;
        for (int x = 0; x < width; x++) {
          float sum = 0;
          for (int k = 0; k < taps.values.length; k++) {
            sum += taps.values[k] * narrowed[top + k * width + x];
          }
          result[target + x] = (byte) Math.round(sum); // weights sum to 1: within 0…255
        }
      }
    }
    return new Picture(to, result);
  }

  private static float[] alongRows(Picture source, int width) {
    ImageShape from = source.shape();
    int rows = from.channels() * from.height();
    float[] result = new float[Math.multiplyExact(rows, width)];
    Weights[] horizontal = weights(from.width(), width);
    for (int row = 0; row < rows; row++) {
      for (int x = 0; x < width; x++) {
        Weights taps = horizontal[x];
        int start = row * from.width() + taps.first;
        float sum = 0;
        for (int k = 0; k < taps.values.length; k++) {
          sum += taps.values[k] * Byte.toUnsignedInt(source.bytes()[start + k]);
        }
        result[row * width + x] = sum;
      }
    }
    return result;
  }

  /** The source pixels that make one target pixel, from {@code first} on, and their shares. */
  private record Weights(int first, float[] values) {}

  private static Weights[] weights(int from, int to) {
    Weights[] result = new Weights[to];
    double step = (double) from / to;
    double reach = Math.max(1, step);
    for (int i = 0; i < to; i++) {
      double center = (i + 0.5) * step;
      int first = (int) Math.max(0, Math.floor(center - reach));
      int end = (int) Math.min(from, Math.ceil(center + reach));
      float[] values = new float[end - first];
      double sum = 0;
      for (int k = 0; k < values.length; k++) {
        double weight = Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / reach);
        values[k] = (float) weight;
        sum += weight;
      }
      for (int k = 0; k < values.length; k++) {
        values[k] /= (float) sum;
      }
      result[i] = new Weights(first, values);
    }
    return result;
  }
}
