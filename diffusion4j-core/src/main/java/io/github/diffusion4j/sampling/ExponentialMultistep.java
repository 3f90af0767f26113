package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;
import java.util.stream.IntStream;

/**
 * A step that lays a polynomial of λ through the present estimate and those before it; a solver is
 * a choice of what is interpolated and of the moments that the polynomial is averaged with.
 */
abstract class ExponentialMultistep extends ReverseChain {
  private final int order;
  private final FinalOrder finalOrder;
  private final Integrand integrand;
  private final ReverseDynamics process;

  /**
   * A solver of one evaluation per step.
   *
   * @param order the number of estimates that it uses once it has them
   * @param memory the number of looks that it remembers, at least order − 1
   */
  ExponentialMultistep(
      NoiseGrid grid,
      int order,
      int memory,
      FinalOrder finalOrder,
      Integrand integrand,
      ReverseDynamics process) {
    super(grid, memory);
    this.order = order;
    this.finalOrder = finalOrder;
    this.integrand = integrand;
    this.process = process;
  }

  /** Returns what E[sᵏ] is taken for, k = 0 … order − 1. */
  abstract double[] moments(ExponentialStep step, int order);

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    ExponentialStep step = from(looks, s);
    int[] used = used(s, looks);
    double[] weights = ExponentialStep.weights(looks.lambdas(used), moments(step, used.length));
    Tensor next = step.apply(looks.xt(0), looks.estimates(used), weights);
    return step.spread() == 0 ? next : next.plus(noise.z(s, next.shape()).times(step.spread()));
  }

  /** Returns step s, which begins at the newest of {@code looks}. */
  final ExponentialStep from(Looks looks, int s) {
    return ExponentialStep.between(looks.level(0), level(s - 1), integrand, process);
  }

  /** Which of {@code looks} step s uses, the newest first; as many as its order. */
  final int[] used(int s, Looks looks) {
    int most = Math.min(order, Math.min(looks.count(), finalOrder.most(s, steps())));
    if (level(s - 1).noise() == 0) {
      most = 1;
    }
    while (most > 1 && looks.level(most - 1).signal() == 0) {
      most--; // pure noise, infinitely far in λ, helps no polynomial
    }
    return IntStream.range(0, most).toArray();
  }
}
