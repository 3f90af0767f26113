package io.github.diffusion4j.torch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

/**
 * A named place in a tree of random streams; the source of every randomness in this library.
 *
 * <p>A seed is a value: it holds no state that advances. The noise of training step 1000 is {@code
 * root.derive("noise").derive(1000).normal(shape)}, whenever it is asked for, so a resumed run
 * needs no saved generator state and one sample's noise does not depend on its neighbors.
 *
 * @param value the 64 bits that name the stream
 */
public record Seed(long value) {
  private static final double TWO_TO_32 = 0x1p32;

  /** Returns the root of the streams of {@code seed}. */
  public static Seed of(long seed) {
    return new Seed(mix(seed ^ 0x6a09e667f3bcc908L));
  }

  /** Returns the stream below this one that is called {@code name}. */
  public Seed derive(String name) {
    long hash = 0xcbf29ce484222325L; // FNV-1a
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ b) * 0x100000001b3L;
    }
    return derive(hash);
  }

  /** Returns the stream below this one with number {@code index}. */
  public Seed derive(long index) {
    return new Seed(mix(value * 0x9e3779b97f4a7c15L + mix(index + 0x632be59bd9b4e019L)));
  }

  /** Returns a new tensor of independent standard normal numbers, F32, of the given shape. */
  public Tensor normal(long... shape) {
    Tensor result = Tensor.zeros(shape);
    fill(generator -> result.raw().normal_(0.0, 1.0, generator));
    return result;
  }

  /** Returns a new tensor of independent numbers, uniform in [0, 1), F32, of the given shape. */
  public Tensor uniform(long... shape) {
    Tensor result = Tensor.zeros(shape);
    fill(generator -> result.raw().uniform_(0.0, 1.0, generator));
    return result;
  }

  /**
   * Returns a new tensor of independent numbers, 1 with {@code probability} (0 ≤ p &lt; 1),
   * otherwise 0; F32. Each is decided by 32 bits of its own.
   */
  public Tensor coins(double probability, long... shape) {
    long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    try (Scope scope = Scope.open()) {
      Tensor pairs = Tensor.zeros(DType.I64, (count + 1) / 2);
      fill(bits -> pairs.raw().random_(Long.MIN_VALUE, new LongOptional(), bits));
      org.bytedeco.pytorch.Tensor each = pairs.raw().view(torch.ScalarType.Int);
      int threshold = (int) (Math.round(probability * TWO_TO_32) + Integer.MIN_VALUE);
      Tensor coins = new Tensor(each.narrow(0, 0, count).lt(new Scalar(threshold)));
      return scope.keep(coins.to(DType.F32).reshape(shape));
    }
  }

  /** Returns {@code count} independent integers, uniform in {@code from}…{@code to}, I64. */
  public Tensor integers(long from, long to, int count) {
    return Tensor.of(random().longs(count, from, to + 1).toArray(), count);
  }

  /** Returns the numbers 0…{@code count} − 1 in random order. */
  public int[] permutation(int count) {
    int[] order = new int[count];
    Arrays.setAll(order, i -> i);
    SplittableRandom random = random();
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  /** Returns a generator of plain Java numbers that starts at this seed. */
  public SplittableRandom random() {
    return new SplittableRandom(value);
  }

  /** Returns the next standard normal number of a generator, the same on every Java platform. */
  public static double normal(SplittableRandom random) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble())); // Box and Muller
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }

  private interface Filler {
    void fill(GeneratorOptional generator);
  }

  private void fill(Filler filler) {
    try (Scope scope = Scope.open();
        Generator generator = torch.createCPUGenerator(value)) {
      filler.fill(new GeneratorOptional(generator));
    }
  }

  /** The finalizer of SplitMix64: every input bit reaches every output bit. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
