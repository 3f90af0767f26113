package io.github.diffusion4j.sampling;

/** The two continuous ways back from noise to images, which have the same law at every level. */
public enum ReverseDynamics {
  /** The probability-flow ODE: no noise but that of the start. */
  ODE,

  /** The reverse SDE: noise is removed twice as fast, and fresh noise is added. */
  SDE
}
