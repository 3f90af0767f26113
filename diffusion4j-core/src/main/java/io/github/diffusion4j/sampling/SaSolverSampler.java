package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * SA-Solver: stochastic Adams methods, a predictor and a corrector that costs no evaluation of its
 * own ([SA-Solver]).
 *
 * <pre>
 *  x' = (b′/b) e^(−τ² h) x + a′ (1 − e^(−(1+τ²) h)) ⟨x̂₀⟩ + b′ √(1 − e^(−2τ² h)) z </pre>
 *
 * <p>with signal a, noise b, λ = ln(a / b), a prime for the next level and h = λ′ − λ. ⟨x̂₀⟩ is the
 * mean over the step of a polynomial in λ, with weights e^((1+τ²) λ): through the last estimates
 * for the predictor (Adams–Bashforth), and through the one at the end of the step too for the
 * corrector (Adams–Moulton). Both use the same z, so the corrector changes nothing but the mean.
 * With two nodes the first moment is taken for what a weight without tilt would have, as in the
 * paper's code.
 */
public final class SaSolverSampler extends ReverseChain {
  private final SaSolverOptions options;

  /** The sampler that takes the steps of {@code grid}. */
  public SaSolverSampler(NoiseGrid grid, SaSolverOptions options) {
    super(grid, Math.max(options.predictorOrder(), options.correctorOrder() - 1));
    this.options = options;
  }

  /** x at level s with the predictor's mean of step s + 1 replaced by the corrector's. */
  @Override
  Tensor revised(int s, Tensor xt, Estimate estimate, Looks before) {
    if (before.count() == 0) {
      return xt;
    }
    ExponentialStep step = from(before, s + 1);
    if (Double.isInfinite(step.h())) {
      return xt;
    }
    int[] past = used(s + 1, options.correctorOrder() - 1, before);
    double[] nodes = new double[past.length + 1];
    nodes[0] = step.h();
    System.arraycopy(before.lambdas(past), 0, nodes, 1, past.length);
    List<Estimate> estimates = new ArrayList<>(List.of(estimate));
    estimates.addAll(before.estimates(past));
    Tensor corrected = step.drift(estimates, weights(step, nodes));
    return xt.minus(predicted(step, s + 1, before)).plus(corrected);
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    ExponentialStep step = from(looks, s);
    Tensor next = looks.xt().times(step.keep()).plus(predicted(step, s, looks));
    return step.spread() == 0 ? next : next.plus(noise.z(s, next.shape()).times(step.spread()));
  }

  private Tensor predicted(ExponentialStep step, int s, Looks looks) {
    int[] used = used(s, options.predictorOrder(), looks);
    return step.drift(looks.estimates(used), weights(step, looks.lambdas(used)));
  }

  private ExponentialStep from(Looks looks, int s) {
    double tau = options.tau().at(looks.level(0));
    return ExponentialStep.between(looks.level(0), level(s - 1), options.integrand(), tau);
  }

  /** Which of {@code looks} step s uses, the newest first. */
  private int[] used(int s, int order, Looks looks) {
    int most = Math.min(order, Math.min(looks.count(), options.finalOrder().most(s, steps())));
    if (level(s - 1).noise() == 0) {
      most = 1;
    }
    while (most > 1 && looks.level(most - 1).signal() == 0) {
      most--; // pure noise, infinitely far in λ, helps no polynomial
    }
    return IntStream.range(0, most).toArray();
  }

  private static double[] weights(ExponentialStep step, double[] nodes) {
    double[] moments = step.moments(nodes.length);
    double h = step.h();
    if (nodes.length == 2 && step.integrand() == Integrand.X0 && h != 0) {
      moments[1] = h / 2 * (step.tilt() * h / -Math.expm1(-step.tilt() * h));
    }
    return ExponentialStep.weights(nodes, moments);
  }
}
