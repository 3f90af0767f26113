package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The exact solution of the reverse process between two levels, given the denoiser's estimates
 * along the way ([DPM-Solver], [DPM-Solver++]).
 *
 * <p>With signal a, noise b and λ = ln(a / b), a prime for the level that the step leads to, and h
 * = λ′ − λ:
 *
 * <pre>
 *   x′ = keep · x + total · E[f(λ + s)] + spread · z,   s in [0, h] with density ∝ exp(tilt · s)
 * </pre>
 *
 * <p>where f is the estimate under the integral. The linear part of the equation is solved exactly;
 * all that a solver approximates is the mean of f, from the values it has seen.
 *
 * @param integrand what f is
 * @param h how much λ grows; infinite if there is no image before or no noise after
 * @param keep what is left of x
 * @param total the integral of the weights of f
 * @param tilt how fast those weights grow with s
 * @param spread the standard deviation of the fresh noise; 0 on the way of the ODE
 */
record ExponentialStep(
    Integrand integrand, double h, double keep, double total, double tilt, double spread) {

  /** The step of the probability-flow ODE or the reverse SDE. */
  static ExponentialStep between(
      NoiseLevel from, NoiseLevel to, Integrand integrand, ReverseDynamics process) {
    return between(
        from,
        to,
        integrand,
        switch (process) {
          case ODE -> 0;
          case SDE -> 1;
        });
  }

  /**
   * The step with as much fresh noise as wanted ([SA-Solver]).
   *
   * @param tau 0 for the probability-flow ODE, 1 for the reverse SDE
   */
  static ExponentialStep between(NoiseLevel from, NoiseLevel to, Integrand integrand, double tau) {
    double h = to.lambda() - from.lambda();
    // Where λ is infinite, only x̂₀ still determines where to go.
    boolean finite = from.signal() > 0 && to.noise() > 0;
    return finite && integrand == Integrand.EPSILON
        ? ofEpsilon(from, to, h, tau)
        : ofX0(from, to, h, tau);
  }

  private static ExponentialStep ofX0(NoiseLevel from, NoiseLevel to, double h, double tau) {
    double ratio = to.noise() / from.noise();
    if (tau == 0) {
      return new ExponentialStep(Integrand.X0, h, ratio, to.signal() - ratio * from.signal(), 1, 0);
    }
    double square = tau * tau;
    return new ExponentialStep(
        Integrand.X0,
        h,
        ratio * Math.exp(-square * h),
        to.signal() * -Math.expm1(-(1 + square) * h),
        1 + square,
        to.noise() * Math.sqrt(Math.max(0, -Math.expm1(-2 * square * h))));
  }

  private static ExponentialStep ofEpsilon(NoiseLevel from, NoiseLevel to, double h, double tau) {
    double ratio = to.signal() / from.signal();
    double total = to.noise() - ratio * from.noise();
    return new ExponentialStep(
        Integrand.EPSILON,
        h,
        ratio,
        (1 + tau * tau) * total,
        -1,
        tau == 0 ? 0 : tau * to.noise() * Math.sqrt(Math.max(0, Math.expm1(2 * h))));
  }

  /** Returns E[sᵏ] for k = 0, 1, … below {@code count}. */
  double[] moments(int count) {
    double[] moments = new double[count];
    double weight = series(0, tilt * h);
    Arrays.setAll(moments, k -> k == 0 ? 1 : Math.pow(h, k) * series(k, tilt * h) / weight);
    return moments;
  }

  /** The integral of uᵏ exp(c u) over [0, 1], divided by exp(c) if c is negative. */
  private static double series(int k, double c) {
    double sum = 0;
    double term = 1;
    // All terms are positive either way, so that no digits cancel.
    if (c >= 0) {
      for (int j = 0; term > 1e-17 * sum; j++) {
        sum += term / (j + k + 1);
        term *= c / (j + 1);
      }
      return sum;
    }
    term = 1.0 / (k + 1);
    for (int j = 0; term > 1e-17 * sum; j++) {
      sum += term;
      term *= -c / (j + k + 2);
    }
    return sum;
  }

  /**
   * Returns the weights with which values at {@code nodes} make the mean of the polynomial through
   * them.
   *
   * @param nodes where the values are, in s
   * @param moments E[sᵏ], as many as nodes
   */
  static double[] weights(double[] nodes, double[] moments) {
    double[] weights = new double[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      double[] lagrange = {1};
      for (int j = 0; j < nodes.length; j++) {
        if (j != i) {
          lagrange = timesRoot(lagrange, nodes[j], nodes[i] - nodes[j]);
        }
      }
      for (int k = 0; k < lagrange.length; k++) {
        weights[i] += lagrange[k] * moments[k];
      }
    }
    return weights;
  }

  /** The polynomial p(s) · (s − root) / divisor. */
  private static double[] timesRoot(double[] p, double root, double divisor) {
    double[] product = new double[p.length + 1];
    for (int k = 0; k < p.length; k++) {
      product[k] -= p[k] * root / divisor;
      product[k + 1] += p[k] / divisor;
    }
    return product;
  }

  /** Returns x′ without its noise, for estimates of f and their weights. */
  Tensor apply(Tensor x, List<Estimate> estimates, double[] weights) {
    Tensor next = x.times(keep);
    for (int i = 0; i < weights.length; i++) {
      next = next.plus(value(estimates.get(i)).times(total * weights[i]));
    }
    return next;
  }

  /** Returns what the estimates add to x′. */
  Tensor drift(List<Estimate> estimates, double[] weights) {
    Tensor drift = value(estimates.get(0)).times(total * weights[0]);
    for (int i = 1; i < weights.length; i++) {
      drift = drift.plus(value(estimates.get(i)).times(total * weights[i]));
    }
    return drift;
  }

  private Tensor value(Estimate estimate) {
    return switch (integrand) {
      case X0 -> estimate.x0Hat();
      case EPSILON -> estimate.epsilonHat();
    };
  }
}
