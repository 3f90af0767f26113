package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/**
 * What a network says about noisy images: its prediction and, if it learns the variance of the
 * reverse steps, an opinion on that.
 *
 * @param prediction [N, C, …], as the images
 * @param variance same shape; see {@link LearnedVariance}
 */
public record NetworkOutput(Tensor prediction, Optional<Tensor> variance) {

  /**
   * Takes the two halves of the channels apart, if there are twice as many as {@code xt} has.
   *
   * @throws IllegalArgumentException if there is another number of channels
   */
  public static NetworkOutput of(Tensor output, Tensor xt) {
    long channels = xt.size(1);
    if (output.size(1) == channels) {
      return new NetworkOutput(output, Optional.empty());
    }
    if (output.size(1) != 2 * channels) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the network answers %s to %s; allowed: as many channels or twice as many",
              output,
              xt));
    }
    return new NetworkOutput(
        output.narrow(1, 0, channels), Optional.of(output.narrow(1, channels, channels)));
  }
}
