package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What a network is asked to predict.
 *
 * <p>Every choice is a mixture of image and noise, {@code y = p · x₀ + q · ε}, and differs only in
 * p and q. As the network also sees xₜ = signal · x₀ + noise · ε, its answer determines both x₀ and
 * ε, and so each choice can be computed from each other.
 */
@FunctionalInterface
public interface Prediction {
  /** The noise ε that was added; the paper's choice. */
  Prediction EPSILON = level -> new Mixture(0, 1);

  /** The clean image x₀. */
  Prediction X0 = level -> new Mixture(1, 0);

  /** The velocity v = √ᾱ ε − √(1−ᾱ) x₀ ([PD sec. 4]), well behaved at both ends of time. */
  Prediction V = level -> new Mixture(-level.noise(), level.signal());

  /** The score ∇ ln q(xₜ) = −ε / √(1−ᾱ), as a network that matches scores predicts it. */
  Prediction SCORE = level -> new Mixture(0, -1 / level.noise());

  /**
   * The mean of the posterior, an image of one step before: what the paper calls predicting μ̃.
   *
   * <pre>  y = μ̃ₜ(xₜ, x₀) </pre>
   *
   * <p>Defined at the whole times 1…T of {@code schedule} only.
   */
  static Prediction previous(NoiseSchedule schedule) {
    Posterior posterior = new Posterior(schedule);
    return level -> {
      int t = (int) level.t();
      if (t != level.t()) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "t is %s; allowed: whole times", level.t()));
      }
      double ofXt = posterior.xtCoefficient(t);
      return new Mixture(posterior.x0Coefficient(t) + ofXt * level.signal(), ofXt * level.noise());
    };
  }

  /**
   * EDM's preconditioned F, whose target has unit variance at every level ([EDM]).
   *
   * <pre>
   *  F = (x₀ − cₛₖᵢₚ (x₀ + σ ε)) / cₒᵤₜ,  cₛₖᵢₚ = s² / (σ² + s²),  cₒᵤₜ = σ s / √(σ² + s²) </pre>
   *
   * @param dataDeviation s, the standard deviation of the data
   */
  static Prediction preconditioned(double dataDeviation) {
    return level -> {
      // The same, with numerator and denominator multiplied by the signal, which may be 0.
      double scaled = dataDeviation * level.signal();
      double root = Math.hypot(level.noise(), scaled);
      return new Mixture(
          level.noise() / (dataDeviation * root), -dataDeviation * level.signal() / root);
    };
  }

  /**
   * The negative of {@link #preconditioned}: the velocity of data with the deviation s, and for s =
   * 1 what {@link #V} is.
   *
   * @param dataDeviation s, the standard deviation of the data
   */
  static Prediction preconditionedVelocity(double dataDeviation) {
    Prediction opposite = preconditioned(dataDeviation);
    return level -> {
      Mixture mixture = opposite.at(level);
      return new Mixture(-mixture.ofX0, -mixture.ofEpsilon);
    };
  }

  /**
   * The F of consistency models ([CM app. C]): {@link #preconditioned}, but for weights that make
   * the estimate of x₀ the image itself at the smallest σ.
   *
   * <pre>
   *  x̂₀ = cₛₖᵢₚ x̄ + cₒᵤₜ F,  x̄ = x / signal
   *  cₛₖᵢₚ = s² / ((σ − σ_min)² + s²),  cₒᵤₜ = (σ − σ_min) s / √(σ² + s²) </pre>
   *
   * @param dataDeviation s, the standard deviation of the data
   * @param sigmaMin σ at which an image counts as clean
   */
  static Prediction consistency(double dataDeviation, double sigmaMin) {
    ToDoubleFunction<NoiseLevel> skip =
        level -> {
          double above = level.sigma() - sigmaMin;
          return dataDeviation * dataDeviation / (above * above + dataDeviation * dataDeviation);
        };
    ToDoubleFunction<NoiseLevel> out =
        level ->
            (level.sigma() - sigmaMin) * dataDeviation / Math.hypot(level.sigma(), dataDeviation);
    return new Prediction() {
      @Override
      public Mixture at(NoiseLevel level) {
        double kept = skip.applyAsDouble(level);
        double gain = out.applyAsDouble(level);
        return new Mixture((1 - kept) / gain, -kept * level.sigma() / gain);
      }

      @Override
      public Tensor x0Hat(Tensor xt, Tensor output, BatchLevels levels) {
        return levels.blend(xt, level -> skip.applyAsDouble(level) / level.signal(), output, out);
      }

      @Override
      public Tensor epsilonHat(Tensor xt, Tensor output, BatchLevels levels) {
        return X0.epsilonHat(xt, x0Hat(xt, output, levels), levels);
      }
    };
  }

  /** Returns p and q at the given level. */
  Mixture at(NoiseLevel level);

  /**
   * A mixture of image and noise.
   *
   * @param ofX0 p
   * @param ofEpsilon q
   */
  record Mixture(double ofX0, double ofEpsilon) {
    /**
     * The determinant of the equations for xₜ and y; the network's answer decides if it is not 0.
     */
    private double determinant(NoiseLevel level) {
      return ofEpsilon * level.signal() - ofX0 * level.noise();
    }
  }

  /** Returns what the network should have said for xₜ made of {@code x0} and {@code epsilon}. */
  default Tensor target(Tensor x0, Tensor epsilon, BatchLevels levels) {
    return levels.blend(x0, level -> at(level).ofX0, epsilon, level -> at(level).ofEpsilon);
  }

  /**
   * Returns the estimate of x₀ that the network's {@code output} for {@code xt} amounts to; for ε
   * it is [DDPM Eq. 15].
   *
   * <pre>  x̂₀ = (q xₜ − noise y) / (q signal − p noise) </pre>
   *
   * <p>Where xₜ is noise alone, a prediction of ε or of the score tells nothing about the image:
   * x̂₀ is 0 then, the middle of the range of the data.
   */
  default Tensor x0Hat(Tensor xt, Tensor output, BatchLevels levels) {
    return levels.blend(
        xt,
        level ->
            isSilent(level)
                ? inverseOrZero(level.signal())
                : at(level).ofEpsilon / at(level).determinant(level),
        output,
        level -> isSilent(level) ? 0 : -level.noise() / at(level).determinant(level));
  }

  /**
   * Whether the answer adds nothing to xₜ itself, as that of ε where no signal is left, or that of
   * x₀ where there is no noise.
   */
  private boolean isSilent(NoiseLevel level) {
    return at(level).determinant(level) == 0;
  }

  private static double inverseOrZero(double share) {
    return share == 0 ? 0 : 1 / share;
  }

  /**
   * Returns the estimate of the noise that the network's {@code output} for {@code xt} amounts to.
   *
   * <pre>  ε̂ = (signal y − p xₜ) / (q signal − p noise) </pre>
   *
   * <p>Where xₜ is the image alone, a prediction of x₀ tells nothing about the noise: ε̂ is 0 then.
   */
  default Tensor epsilonHat(Tensor xt, Tensor output, BatchLevels levels) {
    return levels.blend(
        output,
        level -> isSilent(level) ? 0 : level.signal() / at(level).determinant(level),
        xt,
        level ->
            isSilent(level)
                ? inverseOrZero(level.noise())
                : -at(level).ofX0 / at(level).determinant(level));
  }

  /** Returns the squared error of this prediction as a multiple of the squared error of x̂₀. */
  default double errorPerX0Error(NoiseLevel level) {
    double ratio = at(level).determinant(level) / level.noise();
    return ratio * ratio;
  }
}
