package io.github.diffusion4j.config;

import java.util.Optional;

/** What the recipes of all families have: a name, data, a training, and reports of it. */
public interface RunConfig {
  /** Returns the short name, as of a preset. */
  String name();

  /** Returns what to expect, how long it takes, on what machine. */
  String description();

  /** Returns the source of all randomness. */
  long seed();

  /** Returns where the samples come from. */
  DataConfig data();

  /** Returns how the networks are trained. */
  LoopConfig training();

  /** Returns what is written on the way. */
  ReportingConfig reporting();

  /**
   * Returns the recipe with which a training goes on after it has diverged, with a lower learning
   * rate; empty if it ends.
   */
  Optional<RunConfig> afterDivergence();
}
