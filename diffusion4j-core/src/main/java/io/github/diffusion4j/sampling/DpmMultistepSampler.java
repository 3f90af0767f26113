package io.github.diffusion4j.sampling;

/**
 * DPM-Solver++ and DPM-Solver with several steps' estimates ([DPM-Solver++], [DPM-Solver]).
 *
 * <pre>
 *  order 1:  x′ = (b′/b) x − a′ (e⁻ʰ − 1) x̂₀                 (DDIM)
 *  order 2:  x′ = (b′/b) x − a′ (e⁻ʰ − 1) (x̂₀ + ½ h Δ),   Δ = (x̂₀ − x̂₀ before) / (λ − λ before)
 * </pre>
 *
 * <p>with signal a, noise b, λ = ln(a / b), a prime for the next level and h = λ′ − λ, for the
 * integrand x̂₀ and the midpoint rule; {@link ExponentialStep} has the formula for all of them. The
 * SDE variants are those of the same paper.
 */
public final class DpmMultistepSampler extends ExponentialMultistep {
  private final DpmOptions.Rule rule;

  /** The sampler that takes the steps of {@code grid}. */
  public DpmMultistepSampler(NoiseGrid grid, DpmOptions options) {
    super(
        grid,
        options.order(),
        options.order() - 1,
        options.finalOrder(),
        options.integrand(),
        options.process());
    this.rule = options.rule();
  }

  @Override
  double[] moments(ExponentialStep step, int order) {
    double[] moments = step.moments(order);
    if (order == 2 && rule == DpmOptions.Rule.MIDPOINT) {
      moments[1] = step.h() / 2;
    }
    if (order == 3 && rule != DpmOptions.Rule.EXACT) {
      moments[2] /= 2;
    }
    return moments;
  }
}
