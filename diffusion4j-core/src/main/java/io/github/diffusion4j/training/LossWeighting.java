package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import java.util.Arrays;

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
   * The squared error of x̂₀ counts the SNR, whatever is predicted: for ε̂ that is L_simple, for
   * the others the same loss.
   */
  record Snr(NoiseSchedule schedule, Prediction prediction) implements LossWeighting {
    @Override
    public double weight(int t) {
      NoiseLevel level = withSignal(schedule.level(t));
      return snr(level) / prediction.errorPerX0Error(level);
    }
  }

  /**
   * The squared error of ε̂ counts (k + SNR)^−γ, whatever is predicted ([P2]): times with so little
   * noise that nothing is to be learned there count less.
   *
   * @param k 1 in the paper
   * @param gamma γ, 0 gives L_simple
   */
  record P2(NoiseSchedule schedule, Prediction prediction, double k, double gamma)
      implements LossWeighting {
    @Override
    public double weight(int t) {
      NoiseLevel level = withSignal(schedule.level(t));
      double ofX0 = snr(level) / Math.pow(k + snr(level), gamma);
      return ofX0 / prediction.errorPerX0Error(level);
    }
  }

  /**
   * The squared error of x̂₀ counts what makes all noise levels equally hard, whatever is predicted
   * ([EDM]): the loss is that of a network that predicts EDM's F. For times drawn log-normally.
   *
   * <pre>  w(σ) = (σ² + s²) / (σ s)² </pre>
   *
   * @param dataDeviation s
   */
  record Preconditioned(NoiseSchedule schedule, Prediction prediction, double dataDeviation)
      implements LossWeighting {
    @Override
    public double weight(int t) {
      NoiseLevel level = schedule.level(t);
      double ofX0 = Prediction.preconditioned(dataDeviation).errorPerX0Error(level);
      return ofX0 / prediction.errorPerX0Error(level);
    }
  }

  /**
   * The squared error of x̂₀ counts min(SNR, γ), whatever is predicted ([MinSNR]).
   *
   * @param gamma γ, 5 in the paper
   */
  record MinSnr(NoiseSchedule schedule, Prediction prediction, double gamma)
      implements LossWeighting {
    @Override
    public double weight(int t) {
      NoiseLevel level = withSignal(schedule.level(t));
      return Math.min(snr(level), gamma) / prediction.errorPerX0Error(level);
    }
  }

  /**
   * EDM's weights and noise levels ([EDM sec. 5]), as a weight of times that are drawn uniformly;
   * its mean over all times is 1.
   *
   * <pre>  w(σ) = (σ² + s²) / (σ s)² · N(ln σ; mean, deviation²) · |d ln σ / dt|,  s = 0.6 </pre>
   *
   * <p>Differs: s, the standard deviation of the data, is 0.5 in the paper.
   */
  final class Edm implements LossWeighting {
    /** s. */
    static final double DATA_DEVIATION = 0.6;

    private final double[] weights;

    private Edm(double[] weights) {
      this.weights = weights;
    }

    /** Returns the weighting with a bell curve of the given center and width over ln σ. */
    public static Edm of(
        NoiseSchedule schedule, Prediction prediction, double mean, double deviation) {
      double[] weights = new double[schedule.steps() + 1];
      for (int t = 1; t <= schedule.steps(); t++) {
        double snr = schedule.snr(t);
        if (snr == 0) {
          continue; // σ is infinite: the bell curve is 0 there, however steep the rise
        }
        double standardized = (logSigma(schedule, t) - mean) / deviation;
        double level = 1 / square(DATA_DEVIATION) + snr;
        double density = Math.exp(-square(standardized) / 2) * slope(schedule, t);
        weights[t] = level * density / prediction.errorPerX0Error(schedule.level(t));
      }
      double scale = schedule.steps() / Arrays.stream(weights).sum();
      return new Edm(Arrays.stream(weights).map(weight -> weight * scale).toArray());
    }

    @Override
    public double weight(int t) {
      return weights[t];
    }

    /** How fast ln σ grows at t: the number of noise levels that one step stands for. */
    private static double slope(NoiseSchedule schedule, int t) {
      int before = Math.max(1, t - 1);
      int after = t < schedule.steps() && schedule.snr(t + 1) > 0 ? t + 1 : t;
      if (before == after) {
        return 1;
      }
      return (logSigma(schedule, after) - logSigma(schedule, before)) / (after - before);
    }

    private static double logSigma(NoiseSchedule schedule, int t) {
      return -0.5 * Math.log(schedule.snr(t));
    }

    private static double square(double x) {
      return x * x;
    }
  }

  /** Where no signal is left, a quotient of two zeros has its limit for a vanishing signal. */
  private static NoiseLevel withSignal(NoiseLevel level) {
    return level.signal() > 0 ? level : new NoiseLevel(level.t(), 1e-100, level.noise());
  }

  private static double snr(NoiseLevel level) {
    double ratio = level.signal() / level.noise();
    return ratio * ratio;
  }
}
