package io.github.diffusion4j.config;

/**
 * The exponential moving average of the weights, with which images are sampled.
 *
 * @param decay share of the old average that is kept at each step; 0 turns averaging off
 * @param rampUp how the decay grows at the start, so that the first weights are soon forgotten
 */
public record EmaConfig(double decay, RampUp rampUp) {
  /** How the decay grows at the start. */
  public sealed interface RampUp {
    /** The decay is constant. */
    record None() implements RampUp {}

    /**
     * After n steps the decay is at most 1 − (1 + n / inverseGamma)^(−power).
     *
     * @param inverseGamma in steps; diffusers' default is 1
     * @param power diffusers' default is 2/3
     */
    record Power(double inverseGamma, double power) implements RampUp {
      /** Refuses values not above 0. */
      public Power {
        Require.positive("training.ema.rampUp.inverseGamma", inverseGamma);
        Require.positive("training.ema.rampUp.power", power);
      }
    }
  }

  /** Refuses decays outside 0 ≤ decay &lt; 1. */
  public EmaConfig {
    Require.probability("training.ema.decay", decay);
  }
}
