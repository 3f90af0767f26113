package io.github.diffusion4j.errata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.NoiseSchedule;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * A number found without the formula in question (by an integral, by Bayes' rule on a grid, step by
 * step, or by many draws), which decides between two forms of it.
 *
 * @param value the number
 * @param tolerance how far the right form may be off; a wrong one must be off by ten times as much
 */
record Truth(double value, double tolerance) {
  private static final double STEP = 2e-3;
  private static final double REACH = 12;

  /** The mean and the variance of a law. */
  record Moments(double mean, double variance) {
    double deviation() {
      return Math.sqrt(variance);
    }
  }

  static Truth of(double value, double tolerance) {
    return new Truth(value, tolerance);
  }

  /** The mean of {@code count} draws, with four of its standard errors as tolerance. */
  static Truth ofDraws(int count, ToDoubleFunction<SplittableRandom> draw) {
    SplittableRandom random = new SplittableRandom(1);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double value = draw.applyAsDouble(random);
      sum += value;
      squares += value * value;
    }
    double mean = sum / count;
    return new Truth(mean, 4 * Math.sqrt((squares / count - mean * mean) / count));
  }

  Truth confirms(double form) {
    assertThat(form).as("the right form").isCloseTo(value, within(tolerance));
    return this;
  }

  Truth refutes(double form) {
    assertThat(form).as("the wrong form").isNotCloseTo(value, within(10 * tolerance));
    return this;
  }

  static double normal(double x, Moments law) {
    double distance = x - law.mean;
    return Math.exp(-distance * distance / (2 * law.variance))
        / Math.sqrt(2 * Math.PI * law.variance);
  }

  /** The trapezoidal rule from −12 to 12, which converges beyond all powers for smooth bells. */
  static double integral(DoubleUnaryOperator f) {
    return integral(STEP, f);
  }

  /** The same with steps of a given length, which should be less than half a deviation. */
  static double integral(double step, DoubleUnaryOperator f) {
    double sum = 0;
    int steps = (int) Math.round(REACH / step);
    for (int i = -steps; i <= steps; i++) {
      sum += f.applyAsDouble(i * step);
    }
    return sum * step;
  }

  /** Mean and variance of a law with the given density, up to a factor. */
  static Moments moments(DoubleUnaryOperator density) {
    double mass = integral(density);
    double mean = integral(x -> x * density.applyAsDouble(x)) / mass;
    return new Moments(
        mean, integral(x -> (x - mean) * (x - mean) * density.applyAsDouble(x)) / mass);
  }

  /** Kullback-Leibler divergence of q from p by its definition. */
  static double divergence(Moments q, Moments p) {
    return integral(
        x -> {
          double density = normal(x, q);
          return density == 0 ? 0 : density * (logNormal(x, q) - logNormal(x, p));
        });
  }

  static double logNormal(double x, Moments law) {
    double distance = x - law.mean;
    return -distance * distance / (2 * law.variance) - 0.5 * Math.log(2 * Math.PI * law.variance);
  }

  /** The law of xₜ if x at step {@code from} is {@code x}: the steps taken one at a time. */
  static Moments forward(NoiseSchedule schedule, int from, int t, double x) {
    double mean = x;
    double variance = 0;
    for (int step = from + 1; step <= t; step++) {
      double beta = schedule.beta(step);
      mean *= Math.sqrt(1 - beta);
      variance = (1 - beta) * variance + beta;
    }
    return new Moments(mean, variance);
  }

  /** The law of x at {@code before} given x₀ and xₜ: Bayes' rule on a grid. */
  static Moments bayes(NoiseSchedule schedule, int before, int t, double x0, double xt) {
    Moments prior = forward(schedule, 0, before, x0);
    return moments(x -> normal(x, prior) * normal(xt, forward(schedule, before, t, x)));
  }
}
