package io.github.diffusion4j.config;

import java.util.Optional;

/**
 * How many heads each attention has, however wide it is; OpenAI's networks have 4.
 *
 * @param down on the way down and in the middle
 * @param up on the way up; empty means as many
 */
public record HeadCount(int down, Optional<Integer> up) {
  /** Refuses numbers below 1. */
  public HeadCount {
    Require.positive("model.layers.heads.down", down);
    Require.positive("model.layers.heads.up", up);
    int same = down;
    up = up.filter(count -> count != same);
  }
}
