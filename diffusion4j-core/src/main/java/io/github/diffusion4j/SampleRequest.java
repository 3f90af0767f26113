package io.github.diffusion4j;

import io.github.diffusion4j.torch.Seed;
import java.util.Optional;

/**
 * Which images to draw. Image number i of a seed is the same in whatever batch it is drawn.
 *
 * @param seed the root of all randomness
 * @param first the number of the first image
 * @param count how many
 * @param label the class of all of them, for a conditional model; empty means all classes in turn
 * @param initial the images to begin with, as many; empty means noise
 */
public record SampleRequest(
    Seed seed, long first, int count, Optional<Integer> label, Optional<InitialImages> initial) {

  /** Refuses empty requests. */
  public SampleRequest {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + "; allowed: at least 1");
    }
  }

  /** A request that begins with noise. */
  public SampleRequest(Seed seed, long first, int count, Optional<Integer> label) {
    this(seed, first, count, label, Optional.empty());
  }

  /** A request that begins with noise, from a number that names the seed. */
  public SampleRequest(long seed, long first, int count, Optional<Integer> label) {
    this(Seed.of(seed), first, count, label);
  }

  /** Returns a request for the first {@code count} images of seed 0, of all classes. */
  public static SampleRequest of(int count) {
    return new SampleRequest(0, 0, count, Optional.empty());
  }

  /** Returns the same request that begins with the given images, [{@code count}, …]. */
  public SampleRequest beginningWith(InitialImages images) {
    return new SampleRequest(seed, first, count, label, Optional.of(images));
  }
}
