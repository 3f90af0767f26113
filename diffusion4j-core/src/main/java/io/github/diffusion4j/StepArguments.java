package io.github.diffusion4j;

import io.github.diffusion4j.sampling.Churn;

/**
 * What callers of diffusers' schedulers hand to {@code step()}: no file has it.
 *
 * @param eta how much fresh noise there is in the steps of DDIM, 0 to 1
 * @param churn {@code s_churn}, {@code s_tmin}, {@code s_tmax} and {@code s_noise} of
 *     EulerDiscreteScheduler and EDMEulerScheduler
 * @param direction {@code use_clipped_model_output} of DDIM
 */
public record StepArguments(double eta, Churn churn, Direction direction) {
  /** Diffusers' defaults: no fresh noise, and ε̂ as predicted. */
  public static final StepArguments DEFAULT = ofEta(0);

  /** What DDIM goes on with for ε̂, where x̂₀ was clipped. */
  public enum Direction {
    /** What the network predicted. */
    PREDICTED,
    /** What belongs to the clipped x̂₀, so that both add up to xₜ. */
    DERIVED
  }

  /** Returns the defaults with another η. */
  public static StepArguments ofEta(double eta) {
    return new StepArguments(eta, Churn.NONE, Direction.PREDICTED);
  }

  /** Returns the same with noise stirred in. */
  public StepArguments with(Churn wanted) {
    return new StepArguments(eta, wanted, direction);
  }

  /** Returns the same with another ε̂. */
  public StepArguments with(Direction wanted) {
    return new StepArguments(eta, churn, wanted);
  }
}
