package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/**
 * Linear multistep sampling (Adams–Bashforth) in σ: ε̂ between two levels is extrapolated by the
 * polynomial through the last looks, and integrated exactly.
 *
 * <pre>  x' / signal' = x / signal + Σⱼ ε̂ⱼ ∫ from σ to σ' of ∏ᵢ≠ⱼ (u − σᵢ) / (σⱼ − σᵢ) du </pre>
 *
 * <p>One look a step. The first steps have fewer looks to go by, and so a lower order.
 */
public final class LmsSampler extends ReverseChain {
  private static final int MOST = 4;

  private final int order;

  /**
   * The sampler of the given order.
   *
   * @param order how many looks are used, 1 to 4; 1 is {@link EulerSampler}
   */
  public LmsSampler(NoiseGrid grid, int order) {
    super(grid, order - 1);
    if (order < 1 || order > MOST) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "order is %d; allowed: 1…%d", order, MOST));
    }
    this.order = order;
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    NoiseLevel next = level(s - 1);
    double[] sigmas = usable(looks);
    if (sigmas.length == 0) { // from pure noise, where σ is infinite
      return new Estimate(looks.x0Hat(0), looks.epsilonHat(0)).at(next);
    }
    double[] weights = weights(sigmas, next.sigma());
    Tensor epsilons = looks.epsilonHat(0).times(sigmas[0] + weights[0]);
    for (int j = 1; j < weights.length; j++) {
      epsilons = epsilons.plus(looks.epsilonHat(j).times(weights[j]));
    }
    return looks.x0Hat(0).plus(epsilons).times(next.signal());
  }

  /** The finite σ of the last looks, newest first. */
  private double[] usable(Looks looks) {
    int count = 0;
    while (count < Math.min(order, looks.count()) && looks.level(count).signal() > 0) {
      count++;
    }
    double[] sigmas = new double[count];
    for (int j = 0; j < count; j++) {
      sigmas[j] = looks.level(j).sigma();
    }
    return sigmas;
  }

  /**
   * The integrals, from {@code nodes[0]} to {@code to}, of the polynomials that are 1 at one node
   * and 0 at the others.
   */
  static double[] weights(double[] nodes, double to) {
    double[] weights = new double[nodes.length];
    for (int j = 0; j < nodes.length; j++) {
      double[] polynomial = {1}; // coefficients by power of u − nodes[0]
      for (int i = 0; i < nodes.length; i++) {
        if (i != j) {
          polynomial = timesRoot(polynomial, nodes[i] - nodes[0], nodes[j] - nodes[i]);
        }
      }
      for (int power = polynomial.length; power >= 1; power--) {
        weights[j] = (weights[j] + polynomial[power - 1] / power) * (to - nodes[0]);
      }
    }
    return weights;
  }

  /** The polynomial times (u − root) / scale. */
  private static double[] timesRoot(double[] polynomial, double root, double scale) {
    double[] product = new double[polynomial.length + 1];
    for (int power = 0; power < polynomial.length; power++) {
      product[power] -= polynomial[power] * root / scale;
      product[power + 1] += polynomial[power] / scale;
    }
    return product;
  }
}
