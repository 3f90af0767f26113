package io.github.diffusion4j.config;

/** The nonlinearity between the layers of a residual block. */
public enum Activation {
  /** x · sigmoid(x), also called swish; DDPM's. */
  SILU,
  /** x · tanh(ln(1 + eˣ)). */
  MISH,
  /** x · Φ(x), Φ being the standard normal distribution. */
  GELU,
  /** max(x, 0). */
  RELU
}
