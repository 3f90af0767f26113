package io.github.diffusion4j.errata;

import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import io.github.diffusion4j.errata.Truth.Moments;
import java.util.function.DoubleUnaryOperator;

/**
 * A diffusion model of one number with T = 2, small enough that its bound can be integrated as it
 * is defined, without any of the steps that turn it into a sum of divergences.
 */
final class TwoStepModel {
  private static final NoiseSchedule SCHEDULE = NoiseSchedule.ofBetas(0.2, 0.5);
  private static final Posterior POSTERIOR = new Posterior(SCHEDULE);
  private static final Moments NOISE = new Moments(0, 1);
  private static final double STEP = 0.04;
  private static final double X0 = -0.6;
  private static final double BIN = 2.0 / 255;

  private TwoStepModel() {}

  /** p(x₁ | x₂), any Gaussian. */
  private static Moments reverse(double x2) {
    return new Moments(0.7 * x2, 0.3);
  }

  /** ln p(x₀ | x₁), the mass of a bin as wide as that of one of 256 values. */
  private static double decoder(double x1) {
    return Truth.logNormal(X0, new Moments(0.9 * x1, 0.02)) + Math.log(BIN);
  }

  /** E over q(x₁, x₂ | x₀) of ln q(x₁, x₂ | x₀) − ln p(x₀, x₁, x₂): the bound by its definition. */
  static double bound() {
    Moments first = Truth.forward(SCHEDULE, 0, 1, X0);
    return Truth.integral(
        STEP,
        x1 -> {
          Moments second = Truth.forward(SCHEDULE, 1, 2, x1);
          double inner =
              Truth.integral(
                  STEP,
                  x2 ->
                      Truth.normal(x2, second)
                          * (Truth.logNormal(x2, second)
                              - Truth.logNormal(x2, NOISE)
                              - Truth.logNormal(x1, reverse(x2))));
          return Truth.normal(x1, first) * (inner + Truth.logNormal(x1, first) - decoder(x1));
        });
  }

  /** −ln p(x₀), which the bound must not fall below. */
  static double negativeLogLikelihood() {
    double variance = 0.7 * 0.7 + 0.3;
    return -Truth.logNormal(X0, new Moments(0, 0.9 * 0.9 * variance + 0.02)) - Math.log(BIN);
  }

  /** L_T. */
  static double priorTerm() {
    return divergence(Truth.forward(SCHEDULE, 0, 2, X0), NOISE);
  }

  /** L₁, the divergence of p(x₁ | x₂) from the posterior. */
  static double middleTerm() {
    return overX2(x2 -> divergence(posterior(x2), reverse(x2)));
  }

  /** The divergence the other way round. */
  static double middleTermReversed() {
    return overX2(x2 -> divergence(reverse(x2), posterior(x2)));
  }

  /** L₀. */
  static double decoderTerm() {
    Moments first = Truth.forward(SCHEDULE, 0, 1, X0);
    return Truth.integral(STEP, x1 -> -Truth.normal(x1, first) * decoder(x1));
  }

  private static double overX2(DoubleUnaryOperator term) {
    Moments second = Truth.forward(SCHEDULE, 0, 2, X0);
    return Truth.integral(STEP, x2 -> Truth.normal(x2, second) * term.applyAsDouble(x2));
  }

  private static Moments posterior(double x2) {
    double mean = POSTERIOR.x0Coefficient(2) * X0 + POSTERIOR.xtCoefficient(2) * x2;
    return new Moments(mean, SCHEDULE.betaTilde(2));
  }

  /** KL(q ‖ p) of two Gaussians. */
  private static double divergence(Moments q, Moments p) {
    double ratio = q.variance() / p.variance();
    double distance = q.mean() - p.mean();
    return 0.5 * (ratio - 1 - Math.log(ratio) + distance * distance / p.variance());
  }
}
