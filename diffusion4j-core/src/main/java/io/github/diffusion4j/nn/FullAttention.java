package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** Attention in which every pixel looks at every other, and at the memories. */
final class FullAttention extends LucidAttention {
  private final Optional<Tensor> memories;
  private final Conv2d output;

  FullAttention(int channels, LucidLevelConfig level, LucidLayerConfig layers) {
    super(channels, level, layers);
    memories = memories(layers.memories(), layers.memories(), level.headWidth());
    int inner = level.heads() * level.headWidth();
    output = child("to_out", new Conv2d(inner, channels, 1, 1, 0, Start.TORCH));
  }

  @Override
  Tensor mix(Tensor q, Tensor k, Tensor v) {
    Tensor keys = withMemories(memories, 0, rows(k), 2);
    Tensor values = withMemories(memories, 1, rows(v), 2);
    return rows(Functions.attention(rows(q), keys, values));
  }

  /** Exchanges the last two dimensions. */
  private static Tensor rows(Tensor columns) {
    return columns.permute(0, 1, 3, 2);
  }

  @Override
  Tensor output(Tensor mixed) {
    return output.forward(mixed);
  }
}
