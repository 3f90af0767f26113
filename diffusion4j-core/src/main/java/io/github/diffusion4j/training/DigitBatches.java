package io.github.diffusion4j.training;

import static io.github.diffusion4j.nn.DigitClassifier.CLASSES;
import static io.github.diffusion4j.nn.DigitClassifier.SIZE;
import static io.github.diffusion4j.training.LabeledDigits.PIXELS;

import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What the digit classifier learns from: shifted digits, and among them some spoiled ones.
 *
 * <p>A spoiled image mixes two different digits, and half of the probability belongs to each, or it
 * shows a fragment too small to tell. So the classifier learns to be unsure where a picture is no
 * whole digit; one that has seen only clean digits is sure of nearly everything. Batch k depends on
 * nothing but the data, the seed and k.
 */
final class DigitBatches {
  private static final int LARGEST_SHIFT = 2;
  private static final double SPOILED_SHARE = 0.25;
  private static final int FIRST_CUT = 10;
  private static final int LAST_CUT = 18;
  private static final int FRAGMENT_RADIUS = 4;
  private static final float PAPER = -1;
  private static final int ATTEMPTS = 100;

  private final LabeledDigits digits;
  private final int batchSize;
  private final Seed seed;
  private int[] order = {};
  private long orderOfEpoch = Long.MIN_VALUE;

  DigitBatches(LabeledDigits digits, int batchSize, Seed seed) {
    if (digits.size() < batchSize) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d images; allowed: at least one batch of %d",
              digits.size(),
              batchSize));
    }
    this.digits = digits;
    this.batchSize = batchSize;
    this.seed = seed;
  }

  /**
   * One batch.
   *
   * @param images [N, 1, 28, 28] in [−1, 1]
   * @param targets the probability of each digit, [N, 10]
   */
  record Batch(Tensor images, Tensor targets) {}

  /** How a digit and another one become one picture. */
  private enum Mixture {
    CLEAN {
      @Override
      float pixel(float one, float other, int row, int column, Cut cut) {
        return one;
      }
    },
    UPPER_AND_LOWER {
      @Override
      float pixel(float one, float other, int row, int column, Cut cut) {
        return row < cut.row() ? one : other;
      }
    },
    LEFT_AND_RIGHT {
      @Override
      float pixel(float one, float other, int row, int column, Cut cut) {
        return column < cut.column() ? one : other;
      }
    },
    OVERLAID {
      @Override
      float pixel(float one, float other, int row, int column, Cut cut) {
        return Math.max(one, other);
      }
    },
    FRAGMENT {
      @Override
      float pixel(float one, float other, int row, int column, Cut cut) {
        boolean inside =
            Math.abs(row - cut.row()) <= FRAGMENT_RADIUS
                && Math.abs(column - cut.column()) <= FRAGMENT_RADIUS;
        return inside ? one : PAPER;
      }

      @Override
      void addTarget(float[] targets, int offset, int one, int other) {
        Arrays.fill(targets, offset, offset + CLASSES, 1f / CLASSES);
      }
    };

    private static final List<Mixture> SPOILED =
        List.of(UPPER_AND_LOWER, LEFT_AND_RIGHT, OVERLAID, FRAGMENT);

    abstract float pixel(float one, float other, int row, int column, Cut cut);

    void addTarget(float[] targets, int offset, int one, int other) {
      targets[offset + one] += 0.5f;
      targets[offset + other] += 0.5f;
    }

    static Mixture draw(SplittableRandom random) {
      return random.nextDouble() < SPOILED_SHARE
          ? SPOILED.get(random.nextInt(SPOILED.size()))
          : CLEAN;
    }
  }

  /** Where a mixture is cut. */
  private record Cut(int row, int column) {
    static Cut draw(SplittableRandom random) {
      int row = random.nextInt(FIRST_CUT, LAST_CUT + 1);
      return new Cut(row, random.nextInt(FIRST_CUT, LAST_CUT + 1));
    }
  }

  /** A digit and how far it is moved, in pixels. */
  private record Placed(int index, int down, int right) {}

  /** Returns how many batches go once through the data; the incomplete one is left out. */
  int perEpoch() {
    return digits.size() / batchSize;
  }

  /** Returns batch {@code number}, counted from 0. */
  Batch at(long number) {
    int[] order = order(number / perEpoch());
    int first = (int) (number % perEpoch()) * batchSize;
    SplittableRandom random = seed.derive("batch").derive(number).random();
    float[] pixels = new float[batchSize * PIXELS];
    float[] targets = new float[batchSize * CLASSES];
    for (int i = 0; i < batchSize; i++) {
      Mixture mixture = Mixture.draw(random);
      Placed one = place(order[first + i], random);
      Placed other = mixture == Mixture.CLEAN ? one : place(otherDigit(one, random), random);
      draw(mixture, one, other, Cut.draw(random), pixels, i * PIXELS);
      mixture.addTarget(
          targets, i * CLASSES, digits.label(one.index()), digits.label(other.index()));
    }
    return new Batch(
        Tensor.of(pixels, batchSize, 1, SIZE, SIZE), Tensor.of(targets, batchSize, CLASSES));
  }

  private int[] order(long epoch) {
    if (orderOfEpoch != epoch) {
      order = seed.derive("order").derive(epoch).permutation(digits.size());
      orderOfEpoch = epoch;
    }
    return order;
  }

  private static Placed place(int index, SplittableRandom random) {
    int down = random.nextInt(-LARGEST_SHIFT, LARGEST_SHIFT + 1);
    return new Placed(index, down, random.nextInt(-LARGEST_SHIFT, LARGEST_SHIFT + 1));
  }

  private int otherDigit(Placed one, SplittableRandom random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int index = random.nextInt(digits.size());
      if (digits.label(index) != digits.label(one.index())) {
        return index;
      }
    }
    return one.index(); // data of a single class cannot be spoiled this way
  }

  private void draw(
      Mixture mixture, Placed one, Placed other, Cut cut, float[] pixels, int offset) {
    for (int row = 0; row < SIZE; row++) {
      for (int column = 0; column < SIZE; column++) {
        pixels[offset + row * SIZE + column] =
            mixture.pixel(pixel(one, row, column), pixel(other, row, column), row, column, cut);
      }
    }
  }

  private float pixel(Placed digit, int row, int column) {
    return digits.pixel(digit.index(), row - digit.down(), column - digit.right());
  }
}
