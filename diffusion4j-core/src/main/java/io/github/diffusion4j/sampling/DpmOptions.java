package io.github.diffusion4j.sampling;

/**
 * How a {@link DpmMultistepSampler} or {@link DpmSingleStepSampler} solves.
 *
 * @param order 1, 2 or 3; 1 is DDIM
 * @param integrand X0 for DPM-Solver++, EPSILON for DPM-Solver
 * @param process ODE, or SDE for the stochastic variants
 * @param rule how the estimate between the looks is averaged
 * @param finalOrder the order of the last steps
 */
public record DpmOptions(
    int order, Integrand integrand, ReverseDynamics process, Rule rule, FinalOrder finalOrder) {

  /** How the mean of the estimate over a step follows from the polynomial through the looks. */
  public enum Rule {
    /** Order 2: the polynomial's value in the middle of λ. Order 3: as in the paper's code. */
    MIDPOINT,

    /** Order 2: the polynomial's exact mean. Order 3: as in the paper's code. */
    HEUN,

    /**
     * The polynomial's exact mean for each order.
     *
     * <p>Differs: the paper's code for multistep solvers of order 3, and diffusers, count the
     * curvature of the polynomial half (a second difference is taken for a second derivative), and
     * so err like a method of order 2. For order 2 and single steps this is {@link #HEUN}.
     */
    EXACT
  }

  /** Refuses other orders. */
  public DpmOptions {
    if (order < 1 || order > 3) {
      throw new IllegalArgumentException("order is " + order + "; allowed: 1, 2 or 3");
    }
  }

  /** Returns DPM-Solver++ of the given order as it is usually run: ODE, midpoint. */
  public static DpmOptions plusPlus(int order) {
    return new DpmOptions(
        order, Integrand.X0, ReverseDynamics.ODE, Rule.MIDPOINT, FinalOrder.FALLING_IN_SHORT_RUNS);
  }

  /** The same with another integrand. */
  public DpmOptions with(Integrand other) {
    return new DpmOptions(order, other, process, rule, finalOrder);
  }

  /** The same along the ODE or the SDE. */
  public DpmOptions with(ReverseDynamics other) {
    return new DpmOptions(order, integrand, other, rule, finalOrder);
  }

  /** The same with another rule. */
  public DpmOptions with(Rule other) {
    return new DpmOptions(order, integrand, process, other, finalOrder);
  }

  /** The same with another order of the last steps. */
  public DpmOptions with(FinalOrder other) {
    return new DpmOptions(order, integrand, process, rule, other);
  }
}
