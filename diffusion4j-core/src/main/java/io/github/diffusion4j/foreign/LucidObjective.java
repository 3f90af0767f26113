package io.github.diffusion4j.foreign;

import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a network of lucidrains' predicts, and how its loss is weighted.
 *
 * <p>With the SNR ᾱ / (1 − ᾱ) the weights make the three the same loss of x₀ ([MinSNR]), up to a
 * limit of the SNR.
 */
enum LucidObjective {
  PRED_NOISE(PredictionTarget.EPSILON) {
    @Override
    double weight(double snr) {
      return 1;
    }
  },
  PRED_X0(PredictionTarget.X0) {
    @Override
    double weight(double snr) {
      return snr;
    }
  },
  PRED_V(PredictionTarget.V) {
    @Override
    double weight(double snr) {
      return snr / (1 + snr);
    }
  };

  private static final double TOLERANCE = 1e-3;

  private final PredictionTarget target;

  LucidObjective(PredictionTarget target) {
    this.target = target;
  }

  /** Returns the weight of a step without a limit of the SNR. */
  abstract double weight(double snr);

  /** Returns what it is called here. */
  PredictionTarget target() {
    return target;
  }

  /** Returns the objective that is called {@code word} there. */
  static Optional<LucidObjective> named(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  /** Returns what it is called there. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Tells the objective from the weights of its loss, at steps whose SNR is below 1, where no limit
   * reaches.
   *
   * @return nothing if the weights fit no objective, or more than one
   */
  static Optional<LucidObjective> of(float[] weights, float[] betas) {
    List<LucidObjective> fitting =
        weights.length == betas.length
            ? Arrays.stream(values()).filter(one -> one.fits(weights, betas)).toList()
            : List.of();
    return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
  }

  private boolean fits(float[] weights, float[] betas) {
    double alphaBar = 1;
    for (int i = 0; i < betas.length; i++) {
      alphaBar *= 1.0 - betas[i];
      double snr = alphaBar / (1 - alphaBar);
      double expected = weight(snr);
      if (snr <= 1 && Math.abs(weights[i] - expected) > TOLERANCE * expected) {
        return false;
      }
    }
    return true;
  }
}
