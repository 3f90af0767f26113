package io.github.diffusion4j.diffusion;

/**
 * The schedule in which the share of noise √(1 − ᾱ) grows like a squared sine, from no noise to
 * nothing else; that of Dance Diffusion, and of diffusers' {@code IPNDMScheduler}.
 *
 * <pre>  √(1 − ᾱₜ) = sin²(π t / 2T) </pre>
 */
public final class SquaredSineSchedule {
  private SquaredSineSchedule() {}

  /** Returns the schedule with T = {@code steps}. */
  public static NoiseSchedule of(int steps) {
    return CosineSchedule.fromAlphaBar(
        steps,
        u -> {
          double signal = level(0, u).signal();
          return signal * signal;
        },
        1);
  }

  /**
   * Returns the level of the process.
   *
   * @param t the time that it is given
   * @param u the part of the way from no noise to nothing else, 0…1
   */
  public static NoiseLevel level(double t, double u) {
    double sine = Math.sin(u * Math.PI / 2);
    double cosine = u == 1 ? 0 : Math.cos(u * Math.PI / 2);
    double noise = sine * sine;
    return new NoiseLevel(t, cosine * Math.sqrt(1 + noise), noise);
  }
}
