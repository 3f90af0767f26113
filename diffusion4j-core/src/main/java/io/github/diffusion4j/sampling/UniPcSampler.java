package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * UniPC, a predictor and a corrector that costs no evaluation of its own ([UniPC]).
 *
 * <pre>
 *  predictor:  x′ = (b′/b) x − a′ (e⁻ʰ − 1) x̂₀ − a′ B(h) Σₖ ρₖ (x̂₀ₖ − x̂₀) / rₖ
 *  corrector:  the same sum with the estimate at x′ as one more, taken from x again
 * </pre>
 *
 * <p>with signal a, noise b, λ = ln(a / b), a prime for the next level, h = λ′ − λ and rₖ = (λₖ −
 * λ) / h. The paper's conditions on ρ say that the step is exact for polynomials through the looks,
 * so ρ B(h) is had from {@link ExponentialStep}; only a single difference is weighted by ½ B(h)
 * instead. The estimate made at the predicted x′ is used for the next step too, as in the paper.
 */
public final class UniPcSampler extends ExponentialMultistep {
  private final UniPcOptions options;

  /** The sampler that takes the steps of {@code grid}. */
  public UniPcSampler(NoiseGrid grid, UniPcOptions options) {
    super(
        grid,
        options.order(),
        options.order(),
        options.finalOrder(),
        options.integrand(),
        ReverseDynamics.ODE);
    this.options = options;
  }

  @Override
  Tensor revised(int s, Tensor xt, Estimate estimate, Looks before) {
    if (before.count() == 0 || !options.corrector().corrects(steps() - s)) {
      return xt;
    }
    ExponentialStep step = from(before, s + 1);
    if (Double.isInfinite(step.h())) {
      return xt;
    }
    int[] used = used(s + 1, before);
    double[] nodes = Arrays.copyOf(before.lambdas(used), used.length + 1);
    nodes[used.length] = step.h();
    List<Estimate> estimates = new ArrayList<>(before.estimates(used));
    estimates.add(estimate);
    double[] weights = ExponentialStep.weights(nodes, moments(step, nodes.length));
    return step.apply(before.xt(0), estimates, weights);
  }

  @Override
  double[] moments(ExponentialStep step, int looks) {
    double[] moments = step.moments(looks);
    if (looks == 2) {
      moments[1] = firstMoment(step);
    }
    return moments;
  }

  /** E[s] if it is taken for ½ h B(h) / B₂(h). */
  private double firstMoment(ExponentialStep step) {
    double h = step.h();
    return switch (options.scale()) {
      case BH1 -> h == 0 ? 0 : h / 2 * Math.abs(h / Math.expm1(-step.tilt() * h));
      case BH2 -> h / 2;
    };
  }
}
