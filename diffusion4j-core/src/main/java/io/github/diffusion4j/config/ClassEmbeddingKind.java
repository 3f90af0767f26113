package io.github.diffusion4j.config;

/** How a class label becomes a vector. */
public enum ClassEmbeddingKind {
  /** One learned vector per class. */
  TABLE,
  /** The label is a number that is embedded as the time is, with linear layers of its own. */
  TIMESTEP,
  /** The label is the vector, as wide as the embedding of the time. */
  IDENTITY
}
