package io.github.diffusion4j.sampling;

/**
 * Which part of the denoiser's estimate stands under the integral that an exponential integrator
 * solves, and so is held to be a polynomial of λ = ln(signal / noise) along a step.
 */
public enum Integrand {
  /** The clean image x̂₀, as in [DPM-Solver++]: bounded, so the better choice as a rule. */
  X0,

  /** The noise ε̂, as in [DPM-Solver] and [DEIS]. */
  EPSILON
}
