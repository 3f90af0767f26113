package io.github.diffusion4j.config;

/**
 * What all layers of a {@link LucidUNetConfig} have in common.
 *
 * @param generation which releases they are computed as
 * @param groups of each group norm, in generations that have such ({@code resnet_block_groups})
 * @param memories keys and values that each attention has beside those of the pixels; 0 before
 *     release 1.9, 4 since ({@code num_mem_kv})
 * @param dropout probability with which an activation is dropped in training
 */
public record LucidLayerConfig(
    LucidGeneration generation, int groups, int memories, double dropout) {
  /** The layers of the present release. */
  public static final LucidLayerConfig DEFAULT =
      new LucidLayerConfig(LucidGeneration.ROOT_MEAN_SQUARE, 8, 4, 0);

  /** Refuses layers that cannot be built. */
  public LucidLayerConfig {
    Require.positive("model.layers.groups", groups);
    Require.notNegative("model.layers.memories", memories);
    Require.probability("model.layers.dropout", dropout);
  }
}
