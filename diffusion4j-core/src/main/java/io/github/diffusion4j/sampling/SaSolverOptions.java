package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import java.util.Locale;

/**
 * How a {@link SaSolverSampler} solves.
 *
 * @param predictorOrder 1 to 4: how many estimates the predictor's polynomial goes through
 * @param correctorOrder 1 to 4: how many that of the corrector, one of them at the end of the step
 * @param integrand X0 for data prediction, EPSILON for noise prediction
 * @param tau how much fresh noise there is in a step
 * @param finalOrder the order of the last steps
 */
public record SaSolverOptions(
    int predictorOrder, int correctorOrder, Integrand integrand, Tau tau, FinalOrder finalOrder) {
  private static final int MOST = 4;

  /** τ of the paper, by the level at which a step begins. */
  @FunctionalInterface
  public interface Tau {
    /** No fresh noise: the probability-flow equation. */
    Tau NONE = level -> 0;

    /** As much as the reverse SDE has. */
    Tau ONE = level -> 1;

    /** Returns τ, 0 or more. */
    double at(NoiseLevel level);

    /** τ = 1 between two times of the process, both included, and 0 elsewhere. */
    static Tau between(double first, double last) {
      return level -> level.t() >= first && level.t() <= last ? 1 : 0;
    }
  }

  /** Refuses other orders. */
  public SaSolverOptions {
    for (int order : new int[] {predictorOrder, correctorOrder}) {
      if (order < 1 || order > MOST) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "order is %d; allowed: 1…%d", order, MOST));
      }
    }
  }

  /** Returns data prediction with both orders the same. */
  public static SaSolverOptions ofOrder(int order, Tau tau) {
    return new SaSolverOptions(order, order, Integrand.X0, tau, FinalOrder.FALLING);
  }

  /** The same with another integrand. */
  public SaSolverOptions with(Integrand other) {
    return new SaSolverOptions(predictorOrder, correctorOrder, other, tau, finalOrder);
  }

  /** The same with another order of the last steps. */
  public SaSolverOptions with(FinalOrder other) {
    return new SaSolverOptions(predictorOrder, correctorOrder, integrand, tau, other);
  }
}
