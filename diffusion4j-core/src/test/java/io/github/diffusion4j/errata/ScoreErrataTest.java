package io.github.diffusion4j.errata;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.ContinuousProcess;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.Score;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.errata.Truth.Moments;
import io.github.diffusion4j.likelihood.Divergence;
import io.github.diffusion4j.likelihood.ProbabilityFlowLikelihood;
import io.github.diffusion4j.likelihood.ProbabilityFlowLikelihood.Ends;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.MixtureDenoiser;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The part of docs/errata.md on estimates, scores and continuous time. */
class ScoreErrataTest {
  private static final NoiseLevel LEVEL = LinearSchedule.ddpm().level(300);
  private static final GaussianMixture DATA =
      GaussianMixture.of(Component.of(1, 0.04, -1), Component.of(3, 0.25, 0.8));
  private static final double X0 = 0.7;
  private static final double EPSILON = -1.2;
  private static final double XT = LEVEL.signal() * X0 + LEVEL.noise() * EPSILON;

  private static final ContinuousProcess PROCESS = VariancePreserving.ddpm();
  private static final double DATA_VARIANCE = 0.25;
  private static final int STEPS = 20_000;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void x0Hat_notDividedByTheSignal_isNotTheImage() {
    Truth.of(X0, 1e-12)
        .confirms(x0Hat(Prediction.EPSILON, EPSILON))
        .refutes(XT - LEVEL.noise() * EPSILON);
  }

  @Test
  void x0HatFromV_plusSign_isNotTheImage() {
    double v = LEVEL.signal() * EPSILON - LEVEL.noise() * X0;

    Truth.of(X0, 1e-12)
        .confirms(x0Hat(Prediction.V, v))
        .refutes(LEVEL.signal() * XT + LEVEL.noise() * v);
  }

  @Test
  void score_minusTheNoise_isNotTheSlopeOfTheLogDensity() {
    double h = 1e-4;
    double slope = (Math.log(density(XT + h)) - Math.log(density(XT - h))) / (2 * h);
    double epsilonHat = (XT - LEVEL.signal() * posteriorMean()) / LEVEL.noise();

    Truth.of(slope, 1e-6)
        .confirms(DATA.at(LEVEL).score(point(XT)).item())
        .confirms(Score.fromEpsilon(point(epsilonHat), LEVEL).item())
        .refutes(-epsilonHat);
  }

  @Test
  void tweedie_deviationForVariance_isNotTheMeanImage() {
    double score = DATA.at(LEVEL).score(point(XT)).item();

    Truth.of(posteriorMean(), 1e-8)
        .confirms(x0Hat(Prediction.SCORE, score))
        .confirms(Score.posteriorMean(point(XT), point(score), LEVEL).item())
        .refutes((XT + LEVEL.noise() * score) / LEVEL.signal());
  }

  /** The limit of many small steps, each with the factor √(1 − β) of its own small β. */
  @Test
  void drift_wholeInsteadOfHalfOfBeta_shrinksTooMuch() {
    NoiseSchedule fine = LinearSchedule.rescaled(STEPS, 1e-4, 0.02);
    double drift = 0;
    for (int i = 0; i < STEPS / 2; i++) {
      drift += PROCESS.drift((i + 0.5) / STEPS) / STEPS;
    }

    Truth.of(Truth.forward(fine, 0, STEPS / 2, 1).mean(), 1e-3)
        .confirms(PROCESS.at(0.5).signal())
        .confirms(Math.exp(drift))
        .refutes(Math.exp(2 * drift));
  }

  /** In one dimension the flow keeps each point's rank, so deviations map to deviations. */
  @Test
  void flow_wholeInsteadOfHalfTheDiffusion_doesNotEndAtTheData() {
    Truth ratio = Truth.of(Math.sqrt(variance(0) / variance(1)), 1e-4);

    ratio.confirms(flow(0.5)).refutes(flow(1));
  }

  @Test
  void reverseSde_halfInsteadOfTheWholeDiffusion_doesNotEndAtTheData() {
    Truth atTheData = Truth.of(DATA_VARIANCE, 2e-3);

    atTheData.confirms(reverseVariance(1)).refutes(reverseVariance(0.5));
  }

  @Test
  void flowLikelihood_minusTheDivergence_isNotTheLogDensity() {
    double x = 0.4;
    Truth logDensity = Truth.of(Truth.logNormal(x, new Moments(0, DATA_VARIANCE)), 1e-3);

    ProbabilityFlowLikelihood flow =
        new ProbabilityFlowLikelihood(
            PROCESS, new Ends(1e-3, 150, DATA_VARIANCE), Divergence.EXACT, 32);
    Denoiser gaussian = new MixtureDenoiser(GaussianMixture.of(Component.of(1, DATA_VARIANCE, 0)));
    double[] byTheLibrary = flow.logDensity(gaussian, point(x), List.of(Seed.of(1)), done -> {});

    logDensity.confirms(byTheLibrary[0]);
    logDensity.confirms(flowLogDensity(x, 1)).refutes(flowLogDensity(x, -1));
  }

  @Test
  void langevin_rootOfTheStepSize_doesNotReachTheVariance() {
    double stepSize = 1e-3;
    Truth variance = Truth.of(DATA_VARIANCE, 1e-3);

    variance.confirms(langevinVariance(stepSize, 2 * stepSize));
    variance.refutes(langevinVariance(stepSize, stepSize));
  }

  private static double x0Hat(Prediction prediction, double output) {
    return prediction.x0Hat(point(XT), point(output), BatchLevels.of(List.of(LEVEL))).item();
  }

  /** q(xₜ) by convolution. */
  private static double density(double xt) {
    return Truth.integral(x0 -> data(x0) * noisy(xt).applyAsDouble(x0));
  }

  /** E[x₀ | xₜ] by Bayes' rule. */
  private static double posteriorMean() {
    return Truth.moments(x0 -> data(x0) * noisy(XT).applyAsDouble(x0)).mean();
  }

  private static double data(double x0) {
    return DATA.components().stream()
        .mapToDouble(c -> c.weight() * Truth.normal(x0, new Moments(c.mean().get(0), c.variance())))
        .sum();
  }

  private static DoubleUnaryOperator noisy(double xt) {
    double variance = LEVEL.noise() * LEVEL.noise();
    return x0 -> Truth.normal(xt, new Moments(LEVEL.signal() * x0, variance));
  }

  /** The variance of xₜ for data from N(0, 0.25), whose score is −x / variance. */
  private static double variance(double t) {
    NoiseLevel level = PROCESS.at(t);
    return level.signal() * level.signal() * DATA_VARIANCE + level.noise() * level.noise();
  }

  /** The velocity of the flow per unit of x, with a given share of g². */
  private static double velocity(double t, double share) {
    return PROCESS.drift(t) + share * Math.pow(PROCESS.diffusion(t), 2) / variance(t);
  }

  /** By what the flow multiplies a distance on its way from t = 1 to 0; the midpoint rule. */
  private static double flow(double share) {
    return Math.exp(-integral(share));
  }

  /** ln q(x) = ln q₁(x₁) + ∫ div: the divergence of a linear velocity is its slope. */
  private static double flowLogDensity(double x, double sign) {
    double divergence = integral(0.5);
    Moments end = new Moments(0, variance(1));
    return Truth.logNormal(x * Math.exp(divergence), end) + sign * divergence;
  }

  private static double integral(double share) {
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
      sum += velocity((i + 0.5) / STEPS, share) / STEPS;
    }
    return sum;
  }

  /** The variance after the reverse SDE, followed through Euler's steps. */
  private static double reverseVariance(double share) {
    double h = 1.0 / STEPS;
    double variance = variance(1);
    for (int i = STEPS; i >= 1; i--) {
      double t = i * h;
      double factor = 1 - h * velocity(t, share);
      variance = factor * factor * variance + h * Math.pow(PROCESS.diffusion(t), 2);
    }
    return variance;
  }

  /** The variance after many steps x ← x + stepSize · score + √added · z. */
  private static double langevinVariance(double stepSize, double added) {
    double variance = 1;
    for (int i = 0; i < STEPS; i++) {
      variance = Math.pow(1 - stepSize / DATA_VARIANCE, 2) * variance + added;
    }
    return variance;
  }

  private static Tensor point(double x) {
    return Tensor.of(new double[] {x}, 1, 1);
  }
}
