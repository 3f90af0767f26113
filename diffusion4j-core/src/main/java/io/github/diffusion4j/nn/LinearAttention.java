package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidGeneration;
import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * Attention whose cost grows like the number of pixels: they are summed up before they are seen.
 */
final class LinearAttention extends LucidAttention {
  private final LucidGeneration generation;
  private final Optional<Tensor> memories;
  private final Conv2d output;
  private final ChannelNorm outputNorm;

  LinearAttention(int channels, LucidLevelConfig level, LucidLayerConfig layers) {
    super(channels, level, layers);
    generation = layers.generation();
    memories = memories(layers.memories(), level.headWidth(), layers.memories());
    int inner = level.heads() * level.headWidth();
    output = child("to_out.0", new Conv2d(inner, channels, 1, 1, 0, Start.TORCH));
    outputNorm = child("to_out.1", ChannelNorm.ofAttention(generation, channels));
  }

  /** Returns softmax(q)ᵀ / √D applied to Σ softmax(k) vᵀ, the sum going over the pixels. */
  @Override
  Tensor mix(Tensor q, Tensor k, Tensor v) {
    Tensor values =
        switch (generation) {
          case STANDARDIZED -> v.dividedBy((double) v.size(3));
          case GROUPED, ROOT_MEAN_SQUARE -> v;
        };
    Tensor keys = Functions.softmax(withMemories(memories, 0, k, 3), 3);
    Tensor summary = withMemories(memories, 1, values, 3).matmul(keys.permute(0, 1, 3, 2));
    Tensor queries = Functions.softmax(q, 2).dividedBy(Math.sqrt((double) q.size(2)));
    return summary.matmul(queries);
  }

  @Override
  Tensor output(Tensor mixed) {
    return outputNorm.forward(output.forward(mixed));
  }
}
