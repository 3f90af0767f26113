package io.github.diffusion4j.sampling;

/**
 * DEIS with polynomials in the logarithm of ρ = noise / signal, [DEIS].
 *
 * <pre>  x′ = (a′/a) x + a′ Σᵢ Cᵢ ε̂ᵢ,   Cᵢ = ∫ Lᵢ(ln ρ) dρ  from ρ to ρ′ </pre>
 *
 * <p>Lᵢ is the Lagrange polynomial that is 1 at the look i and 0 at the others; as ln ρ = −λ, this
 * is {@link DpmMultistepSampler} with {@code EPSILON} and {@code EXACT}.
 */
public final class DeisSampler extends ExponentialMultistep {

  /**
   * The sampler that takes the steps of {@code grid}.
   *
   * @param order 1, 2 or 3: how many estimates the polynomial goes through
   */
  public DeisSampler(NoiseGrid grid, int order, FinalOrder finalOrder) {
    super(grid, checked(order), order - 1, finalOrder, Integrand.EPSILON, ReverseDynamics.ODE);
  }

  @Override
  double[] moments(ExponentialStep step, int order) {
    return step.moments(order);
  }

  private static int checked(int order) {
    if (order < 1 || order > 3) {
      throw new IllegalArgumentException("order is " + order + "; allowed: 1, 2 or 3");
    }
    return order;
  }
}
