package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Attention between the pixels of an image, and learned memories beside them; the result is added
 * to the input.
 */
abstract class LucidAttention extends Layer {
  private final int heads;
  private final ChannelNorm norm;
  private final Tensor projection;

  LucidAttention(int channels, LucidLevelConfig level, LucidLayerConfig layers) {
    heads = level.heads();
    int inner = heads * level.headWidth();
    norm = child("norm", ChannelNorm.ofAttention(layers.generation(), channels));
    projection = child("to_qkv", new Projection(channels, 3 * inner)).weight;
  }

  /** Returns the attention that {@code level} names. */
  static LucidAttention of(int channels, LucidLevelConfig level, LucidLayerConfig layers) {
    return switch (level.attention()) {
      case LINEAR -> new LinearAttention(channels, level, layers);
      case FULL -> new FullAttention(channels, level, layers);
    };
  }

  /** Returns [N, C, H, W] for [N, C, H, W]. */
  final Tensor forward(Tensor x) {
    try (Scope scope = Scope.open()) {
      long[] shape = x.shape();
      Tensor all = Functions.filter(norm.forward(x), projection, 1, 0);
      Tensor split = all.reshape(shape[0], 3, heads, -1, shape[2] * shape[3]);
      Tensor mixed = mix(split.select(1, 0), split.select(1, 1), split.select(1, 2));
      Tensor joined = mixed.reshape(shape[0], -1, shape[2], shape[3]);
      return scope.keep(x.plus(output(joined)));
    }
  }

  /** Returns what each pixel learns of the others; all are [N, heads, D, pixels]. */
  abstract Tensor mix(Tensor q, Tensor k, Tensor v);

  /** Returns [N, C, H, W] for [N, heads · D, H, W]. */
  abstract Tensor output(Tensor mixed);

  /** Makes memories: keys and values [2, heads, a, b], or nothing for a network that has none. */
  final Optional<Tensor> memories(int count, long a, long b) {
    return count == 0
        ? Optional.empty()
        : Optional.of(parameter("mem_kv", Initial.NORMAL, 2, heads, a, b));
  }

  /** Returns the memories {@code which}, 0 for keys and 1 for values, in front of the pixels'. */
  static Tensor withMemories(Optional<Tensor> memories, int which, Tensor pixels, int dim) {
    if (memories.isEmpty()) {
      return pixels;
    }
    Tensor own = memories.get().select(0, which);
    Tensor each = own.expand(pixels.size(0), own.size(0), own.size(1), own.size(2));
    return Tensor.cat(List.of(each, pixels), dim);
  }

  /** A 1x1 convolution without bias. */
  private static final class Projection extends Layer {
    private final Tensor weight;

    Projection(int in, int out) {
      weight = parameter("weight", Start.TORCH.weight(in, out), out, in, 1, 1);
    }
  }
}
