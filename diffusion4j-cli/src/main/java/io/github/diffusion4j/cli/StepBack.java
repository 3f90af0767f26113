package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.plot.Range;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/**
 * Where one noisy number xₜ may have been at an earlier time s: with x₀ known, and without.
 *
 * @param t the time of xₜ
 * @param s the earlier time, at least 1
 * @param knowing q(xₛ | xₜ, x₀), always one Gaussian
 * @param ignorant q(xₛ | xₜ), which needs the law of all data
 * @param x the places at which the densities below are given
 * @param ofKnowing the density of {@code knowing}
 * @param ofIgnorant the density of {@code ignorant}
 * @param ofGaussian the density of the Gaussian with mean and variance of {@code ignorant}
 */
record StepBack(
    int t,
    int s,
    Component knowing,
    GaussianMixture ignorant,
    double[] x,
    double[] ofKnowing,
    double[] ofIgnorant,
    double[] ofGaussian) {
  private static final int POINTS = 401;
  private static final double DEVIATIONS = 4.2;

  static StepBack of(
      GaussianMixture data, NoiseSchedule schedule, int t, int s, double x0, double xt) {
    NoiseSchedule twoSteps = schedule.shortenedTo(SubSequence.of(s, t));
    GaussianMixture ignorant = data.reverse(twoSteps, 2, xt);
    Component gaussian = sameMoments(ignorant);
    try (Scope scope = Scope.open()) {
      double mean = new Posterior(twoSteps).mean(number(x0), number(xt), 2).item();
      Component knowing = Component.of(1, twoSteps.betaTilde(2), mean);
      double[] x = places(knowing, gaussian).grid(POINTS);
      return new StepBack(
          t,
          s,
          knowing,
          ignorant,
          x,
          density(GaussianMixture.of(knowing), x),
          density(ignorant, x),
          density(GaussianMixture.of(gaussian), x));
    }
  }

  private static Tensor number(double value) {
    return Tensor.of(new double[] {value}, 1);
  }

  private static double[] density(GaussianMixture law, double[] x) {
    return law.logDensity(Tensor.of(x, x.length, 1)).exp().toDoubles();
  }

  private static Component sameMoments(GaussianMixture law) {
    double mean = 0;
    double square = 0;
    for (Component c : law.components()) {
      double m = c.mean().get(0);
      mean += c.weight() * m;
      square += c.weight() * (c.variance() + m * m);
    }
    return Component.of(1, square - mean * mean, mean);
  }

  private static Range places(Component a, Component b) {
    double reachA = DEVIATIONS * Math.sqrt(a.variance());
    double reachB = DEVIATIONS * Math.sqrt(b.variance());
    return new Range(
        Math.min(a.mean().get(0) - reachA, b.mean().get(0) - reachB),
        Math.max(a.mean().get(0) + reachA, b.mean().get(0) + reachB));
  }

  /**
   * Returns how far q(xₛ | xₜ) is from the Gaussian with its mean and variance: the probability
   * that would have to be moved, 0 if it is that Gaussian, at most 1.
   */
  double distanceFromGaussian() {
    double width = x[1] - x[0];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.abs(ofIgnorant[i] - ofGaussian[i]) * width / 2;
    }
    return sum;
  }
}
