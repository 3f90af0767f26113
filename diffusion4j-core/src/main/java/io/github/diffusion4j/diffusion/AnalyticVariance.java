package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The best variance that is the same for all pixels and images, given the best mean
 * ([Analytic-DPM]): that of the posterior, and what x₀ still varies when xₜ is known.
 *
 * <pre>  σₜ² = β̃ₜ + ᾱ₍t−1₎ βₜ² / (1 − ᾱₜ)² · Vₜ,  Vₜ = E Var(x₀ | xₜ) / d </pre>
 *
 * <p>V = 0, a certain x₀, leaves β̃; standard normal data have Vₜ = 1 − ᾱₜ and so βₜ. The variance
 * needs to be measured once on data, by the network's own answers.
 */
public final class AnalyticVariance implements ReverseVariance {
  private final double[] variance;

  private AnalyticVariance(double[] variance) {
    this.variance = variance;
  }

  /**
   * Returns the choice for the given V₁…V_T.
   *
   * @throws IllegalArgumentException if one is negative, infinite or not a number
   */
  public static AnalyticVariance of(double... variance) {
    for (int i = 0; i < variance.length; i++) {
      if (!(variance[i] >= 0 && variance[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the variance of x0 given xt at t = %d is %s; allowed: 0 or more",
                i + 1,
                variance[i]));
      }
    }
    return new AnalyticVariance(variance.clone());
  }

  /**
   * Returns the choice that follows from the mean square of the predicted noise, γₜ = E‖ε̂‖² / d.
   *
   * <pre>  Vₜ = (1 − ᾱₜ) / ᾱₜ · (1 − γₜ), held between 0 and the largest </pre>
   *
   * @param largest the largest variance that the data can have; 1 for data in [−1, 1]
   * @param meanSquareNoise γ₁…γ_T
   */
  public static AnalyticVariance of(
      NoiseSchedule schedule, double largest, double... meanSquareNoise) {
    double[] variance = new double[meanSquareNoise.length];
    for (int t = 1; t <= variance.length; t++) {
      double certain = 1 - meanSquareNoise[t - 1];
      // Without any signal nothing is known of x₀, and the quotient would be 0 / 0.
      variance[t - 1] =
          schedule.alphaBar(t) == 0
              ? largest
              : Math.min(largest, Math.max(0, certain / schedule.snr(t)));
    }
    return of(variance);
  }

  /** Returns V₁…V_T. */
  public double[] varianceOfX0() {
    return variance.clone();
  }

  /**
   * Returns σₜ² for t in 1…T of {@code schedule}.
   *
   * @throws IllegalArgumentException if the schedule has another number of steps
   */
  public double at(NoiseSchedule schedule, int t) {
    if (schedule.steps() != variance.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the schedule has %d steps; the variance was estimated for %d",
              schedule.steps(),
              variance.length));
    }
    double share = new Posterior(schedule).x0Coefficient(t);
    return schedule.betaTilde(t) + share * share * variance[t - 1];
  }

  /** As {@link #at}, its logarithm; ln β̃₂ where V₁ is 0, and so the variance at t = 1. */
  @Override
  public Tensor log(
      NoiseSchedule schedule, BatchLevels levels, Tensor xt, Optional<Tensor> output) {
    return levels.column(
        level -> {
          int t = (int) level.t();
          double variance = at(schedule, t);
          return variance == 0 ? schedule.logBetaTildeClipped(t) : Math.log(variance);
        },
        xt);
  }

  /** Returns the variance of longer steps between the same times, where V is the same. */
  @Override
  public AnalyticVariance shortenedTo(SubSequence tau) {
    return new AnalyticVariance(
        IntStream.rangeClosed(1, tau.length()).mapToDouble(s -> variance[tau.t(s) - 1]).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AnalyticVariance that && Arrays.equals(variance, that.variance);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(variance);
  }
}
