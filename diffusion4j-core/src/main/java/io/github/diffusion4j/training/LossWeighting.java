package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;

/** How much the squared error at time t counts. */
public sealed interface LossWeighting {
  /** Returns the factor for time {@code t}, in 1…T. */
  double weight(int t);

  /** Every time counts the same: L_simple. */
  record Uniform() implements LossWeighting {
    @Override
    public double weight(int t) {
      return 1;
    }
  }

  /**
   * The squared error of x̂₀ counts min(SNR, γ), whatever is predicted ([MinSNR sec. 3.4]).
   *
   * @param gamma γ, 5 in the paper
   */
  record MinSnr(NoiseSchedule schedule, Prediction prediction, double gamma)
      implements LossWeighting {
    @Override
    public double weight(int t) {
      double snr = schedule.snr(t);
      double weightOfX0 = Math.min(snr, gamma);
      return switch (prediction) {
        case EPSILON -> weightOfX0 / snr;
        case X0 -> weightOfX0;
        case V -> weightOfX0 / (snr + 1);
      };
    }
  }
}
