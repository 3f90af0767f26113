package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * The variance σₜ² of one reverse step: fixed in advance, said by the network, or the best that
 * goes with the network's mean.
 *
 * <p>Variances are given as logarithms and are finite at every step of every schedule: at t = 1,
 * where β̃ is 0, {@link NoiseSchedule#logBetaTildeClipped} stands in for its logarithm.
 */
public sealed interface ReverseVariance permits FixedVariance, LearnedVariance, AnalyticVariance {
  /**
   * Returns ln σₜ² of the step from xₜ to x₍t−1₎.
   *
   * @param schedule the schedule of the steps that are taken; a shortened one has a variance of its
   *     own
   * @param levels the levels of the images in {@code schedule}
   * @param xt the images, [N, …]
   * @param output what the network says about the variance, same shape; present where the variance
   *     {@link #isLearned()}
   * @return [N, …] or [N, 1, …], in the type of {@code xt}
   */
  Tensor log(NoiseSchedule schedule, BatchLevels levels, Tensor xt, Optional<Tensor> output);

  /** Returns the same choice for a process that takes only the steps of {@code tau}. */
  default ReverseVariance shortenedTo(SubSequence tau) {
    return this;
  }

  /** Returns whether the network must say it, in a second half of its output channels. */
  default boolean isLearned() {
    return false;
  }
}
