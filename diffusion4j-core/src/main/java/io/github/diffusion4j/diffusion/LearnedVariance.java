package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** The variance of one reverse step when the network says it, pixel by pixel ([iDDPM]). */
public enum LearnedVariance implements ReverseVariance {
  /** The network's output is ln σₜ² itself. */
  LEARNED {
    @Override
    Tensor log(NoiseSchedule schedule, BatchLevels levels, Tensor output) {
      return output;
    }
  },
  /**
   * The network's output v, in [−1, 1] by training rather than by force, lies between the smallest
   * and the largest variance that can be right, [iDDPM Eq. 15].
   *
   * <pre>  ln σₜ² = w ln βₜ + (1 − w) ln β̃ₜ,  w = (v + 1) / 2 </pre>
   *
   * <p>Differs: the paper's equation has v in place of w; its code, and with it every published
   * network, has w.
   */
  LEARNED_RANGE {
    @Override
    Tensor log(NoiseSchedule schedule, BatchLevels levels, Tensor output) {
      Tensor least = levels.column(l -> schedule.logBetaTildeClipped((int) l.t()), output);
      Tensor most = levels.column(l -> Math.log(schedule.beta((int) l.t())), output);
      return output.plus(1).times(0.5).times(most.minus(least)).plus(least);
    }
  };

  @Override
  public boolean isLearned() {
    return true;
  }

  @Override
  public Tensor log(
      NoiseSchedule schedule, BatchLevels levels, Tensor xt, Optional<Tensor> output) {
    return log(
        schedule,
        levels,
        output.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the variance is learned, but the network says nothing about it; needed: twice as many output channels as an image has")));
  }

  abstract Tensor log(NoiseSchedule schedule, BatchLevels levels, Tensor output);
}
