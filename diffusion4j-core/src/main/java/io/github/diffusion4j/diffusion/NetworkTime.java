package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;

/**
 * The one place where our time 1…T becomes the time 0…T−1 that published networks were trained
 * with.
 */
public final class NetworkTime {
  private NetworkTime() {}

  /** Returns t − 1 for each image, F32 [N]. */
  public static Tensor of(BatchLevels levels) {
    double[] times = levels.levels().stream().mapToDouble(level -> level.t() - 1).toArray();
    return Tensor.of(times, times.length).to(DType.F32);
  }
}
