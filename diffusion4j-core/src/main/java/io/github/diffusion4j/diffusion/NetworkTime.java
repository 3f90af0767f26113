package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;

/**
 * The one place where our time 1…T becomes the time 0…T−1 that published networks were trained
 * with.
 */
public final class NetworkTime {
  private NetworkTime() {}

  /** Returns t − 1 for each t, I64 [N]. */
  public static Tensor of(int[] t) {
    return Tensor.of(Arrays.stream(t).mapToLong(step -> step - 1L).toArray(), t.length);
  }
}
