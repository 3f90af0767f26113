package io.github.diffusion4j.diffusion;

/**
 * The schedule in which ᾱ falls like a sigmoid ([Jabri]).
 *
 * <p>Not to be confused with {@link GeoDiffSigmoidSchedule}, where β is the sigmoid and which
 * diffusers calls by the same name.
 */
public final class SigmoidSchedule {
  private SigmoidSchedule() {}

  /** Returns the usual choice: from −3 to 3 with temperature 1. */
  public static NoiseSchedule of(int steps) {
    return of(steps, -3, 3, 1);
  }

  /**
   * Returns T = {@code steps} variances of a sigmoid between {@code start} and {@code end}.
   *
   * <pre>
   *  ᾱₜ = (σ(end / τ) − σ((t / T · (end − start) + start) / τ)) / (σ(end / τ) − σ(start / τ))
   * </pre>
   */
  public static NoiseSchedule of(int steps, double start, double end, double temperature) {
    double top = sigmoid(end / temperature);
    return CosineSchedule.fromAlphaBar(
        steps, u -> top - sigmoid((u * (end - start) + start) / temperature));
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
