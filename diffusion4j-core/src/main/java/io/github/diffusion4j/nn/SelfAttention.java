package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/** Every pixel looks at every other; the result is added to the input. */
final class SelfAttention extends Layer {
  private final int heads;
  private final double scale;
  private final Optional<GroupNorm> norm;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;

  /** Attention with a norm of the ordinary groups and a sum that is not scaled. */
  SelfAttention(int channels, LayerConfig config) {
    this(channels, config, Optional.of(config.groupsOf(channels)), 1);
  }

  /**
   * Makes an attention.
   *
   * @param groups groups of the norm, or empty for none
   * @param scale number that the sum of branch and shortcut is divided by
   */
  SelfAttention(int channels, LayerConfig config, Optional<Integer> groups, double scale) {
    this.scale = scale;
    Start start = Start.ordinary(config.initialization());
    int width = config.headWidth(channels);
    heads = heads(channels, width);
    norm =
        groups.map(
            count -> child("group_norm", new GroupNorm(channels, count, config.stabilizer())));
    query = child("to_q", new Linear(channels, heads * width, start));
    key = child("to_k", new Linear(channels, heads * width, start));
    value = child("to_v", new Linear(channels, heads * width, start));
    Start last = Start.last(config.initialization());
    output = child("to_out.0", new Linear(heads * width, channels, last));
  }

  /** Returns [N, C, H, W] for [N, C, H, W]. */
  Tensor forward(Tensor x) {
    return forward(x, PixelOrder.of(x));
  }

  /** The same by way of {@code order}, which changes the time it takes and nothing else. */
  Tensor forward(Tensor x, PixelOrder order) {
    try (Scope scope = Scope.open()) {
      Tensor pixels = order.ordered(norm.map(layer -> layer.forward(x)).orElse(x));
      Tensor mixed =
          Functions.attention(
              order.heads(query, pixels, heads),
              order.heads(key, pixels, heads),
              order.heads(value, pixels, heads));
      Tensor sum = x.plus(order.joined(output, mixed, x.size(2), x.size(3)));
      return scope.keep(scale == 1 ? sum : sum.dividedBy(scale));
    }
  }

  /** Returns how many heads fit; what is left of the channels is seen by all of them. */
  static int heads(int channels, int headWidth) {
    if (headWidth > channels) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "layers.headWidth is %d; allowed: at most %d, the channels of each attention",
              headWidth,
              channels));
    }
    return channels / headWidth;
  }
}
