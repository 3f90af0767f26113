package io.github.diffusion4j.diffusion;

/**
 * The schedule whose β is proportional to t.
 *
 * <p>Notes on DDPM that write xₜ = αₜ x₍t−1₎ + βₜ ε with αₜ² + βₜ² = 1 state it as αₜ = √(1 − 0.02
 * t / T). Their αₜ is the square root of αₜ here, and their βₜ the square root of βₜ here: it is a
 * {@link LinearSchedule} that begins at 0.02 / T.
 */
public final class ProportionalSchedule {
  private static final double BETA_END = 0.02;

  private ProportionalSchedule() {}

  /** Returns the notes' choice: β up to 0.02, meant for T = 1000. */
  public static NoiseSchedule of(int steps) {
    return of(steps, BETA_END);
  }

  /**
   * Returns T = {@code steps} variances.
   *
   * <pre>  βₜ = betaEnd · t / T </pre>
   */
  public static NoiseSchedule of(int steps, double betaEnd) {
    return LinearSchedule.of(steps, betaEnd / steps, betaEnd);
  }
}
