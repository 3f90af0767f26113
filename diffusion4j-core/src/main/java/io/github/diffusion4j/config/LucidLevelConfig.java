package io.github.diffusion4j.config;

/**
 * One resolution of a {@link LucidUNetConfig}.
 *
 * @param multiplier the width behind this level, in units of the network's ({@code dim_mults})
 * @param attention what its pixels see of each other ({@code full_attn})
 * @param heads of the attention ({@code attn_heads})
 * @param headWidth numbers of one head ({@code attn_dim_head})
 */
public record LucidLevelConfig(int multiplier, Attention attention, int heads, int headWidth) {
  /** What the pixels of a level see of each other. */
  public enum Attention {
    /** A summary of all pixels, at a cost that grows like their number. */
    LINEAR,
    /** Every other pixel, at a cost that grows like the square of their number. */
    FULL
  }

  /** Refuses levels that cannot be built. */
  public LucidLevelConfig {
    Require.positive("model.levels.multiplier", multiplier);
    Require.positive("model.levels.heads", heads);
    Require.positive("model.levels.headWidth", headWidth);
  }
}
