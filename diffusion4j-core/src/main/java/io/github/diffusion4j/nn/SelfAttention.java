package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** Every pixel looks at every other; the result is added to the input. */
final class SelfAttention extends Layer {
  private final int heads;
  private final GroupNorm norm;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;

  SelfAttention(int channels, LayerConfig config) {
    Start start = Start.ordinary(config.initialization());
    heads = heads(channels, config.headWidth());
    norm = child("group_norm", new GroupNorm(channels, config.groups(), config.stabilizer()));
    query = child("to_q", new Linear(channels, channels, start));
    key = child("to_k", new Linear(channels, channels, start));
    value = child("to_v", new Linear(channels, channels, start));
    output = child("to_out.0", new Linear(channels, channels, Start.last(config.initialization())));
  }

  /** Returns [N, C, H, W] for [N, C, H, W]. */
  Tensor forward(Tensor x) {
    try (Scope scope = Scope.open()) {
      long[] shape = x.shape();
      long pixels = shape[2] * shape[3];
      Tensor rows = norm.forward(x).permute(0, 2, 3, 1).reshape(shape[0], pixels, shape[1]);
      Tensor mixed =
          Functions.attention(
              split(query.forward(rows)), split(key.forward(rows)), split(value.forward(rows)));
      Tensor joined = mixed.permute(0, 2, 1, 3).reshape(shape[0], pixels, shape[1]);
      Tensor result = output.forward(joined).reshape(shape[0], shape[2], shape[3], shape[1]);
      return scope.keep(x.plus(result.permute(0, 3, 1, 2)));
    }
  }

  /** Returns [N, heads, positions, C / heads] for [N, positions, C]. */
  private Tensor split(Tensor rows) {
    long headWidth = rows.size(2) / heads;
    return rows.reshape(rows.size(0), rows.size(1), heads, headWidth).permute(0, 2, 1, 3);
  }

  private static int heads(int channels, Optional<Integer> headWidth) {
    int width = Math.min(channels, headWidth.orElse(channels));
    if (channels % width != 0) {
      throw new UserException(
          "layers.headWidth is %d; allowed: a divisor of the %d channels of each attention"
              .formatted(width, channels));
    }
    return channels / width;
  }
}
