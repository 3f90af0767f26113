package io.github.diffusion4j.sampling;

import io.github.diffusion4j.sampling.DpmOptions.Rule;
import io.github.diffusion4j.torch.Tensor;

/**
 * DPM-Solver++ and DPM-Solver in groups of steps that begin anew ([DPM-Solver], [DPM-Solver++]).
 *
 * <pre>
 *  order 2, from the level 2 steps before the next one, with the look in between:
 *  x′ = (b′/b) x − a′ (e⁻ʰ − 1) (x̂₀ + ½ h Δ),   Δ = (x̂₀ between − x̂₀) / (λ between − λ)
 * </pre>
 *
 * <p>with signal a, noise b, λ = ln(a / b), a prime for the next level and h = λ′ − λ. A group of
 * order p takes p steps of the grid: the first is of order 1, the next, again from the beginning of
 * the group, of order 2, and so on; so the number of evaluations is that of the steps.
 *
 * <p>Differs: the papers look between the levels, at λ + h / 2 or λ + h / 3 and λ + 2 h / 3; here
 * the looks between are levels of the grid, as in diffusers, and the same if the grid is even in λ.
 */
public final class DpmSingleStepSampler extends ReverseChain {
  private final DpmOptions options;
  private final int[] orders;

  /**
   * The sampler that takes the steps of {@code grid}.
   *
   * <p>If its last group is complete and {@code finalOrder} does not allow that, or ends in a clean
   * image, the last step is of order 1.
   */
  public DpmSingleStepSampler(NoiseGrid grid, DpmOptions options) {
    super(grid, options.order() - 1);
    this.options = options;
    this.orders = orders(grid, options);
  }

  /** The order of each step, by s. */
  private static int[] orders(NoiseGrid grid, DpmOptions options) {
    int steps = grid.steps();
    int[] orders = new int[steps + 1];
    for (int s = steps; s >= 1; s--) {
      orders[s] = (steps - s) % options.order() + 1;
    }
    boolean tooHigh =
        orders[1] == options.order() && options.finalOrder().most(1, steps) < orders[1];
    if (tooHigh || grid.level(0).noise() == 0) {
      orders[1] = 1;
    }
    return orders;
  }

  @Override
  Tensor step(int s, Looks looks, NoiseSource noise) {
    int order = Math.min(orders[s], looks.count());
    while (order > 1 && looks.level(order - 1).signal() == 0) {
      order--; // from pure noise, infinitely far in λ, no polynomial leads anywhere
    }
    ExponentialStep step =
        ExponentialStep.between(
            looks.level(order - 1), level(s - 1), options.integrand(), options.process());
    int[] used = used(order);
    double[] weights = ExponentialStep.weights(looks.lambdas(used), moments(step, order));
    Tensor next = step.apply(looks.xt(order - 1), looks.estimates(used), weights);
    return step.spread() == 0 ? next : next.plus(noise.z(s, next.shape()).times(step.spread()));
  }

  /** Which looks of a group the polynomial goes through, the first of the group first. */
  private int[] used(int order) {
    return switch (order) {
      case 1 -> new int[] {0};
      case 2 -> new int[] {1, 0};
      default -> options.rule() == Rule.MIDPOINT ? new int[] {2, 0} : new int[] {2, 1, 0};
    };
  }

  private double[] moments(ExponentialStep step, int order) {
    double[] moments = step.moments(order);
    if (order == 2 && options.rule() == Rule.MIDPOINT) {
      moments[1] = step.h() / 2;
    }
    return moments;
  }
}
