package io.github.diffusion4j.errata;

import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.errata.Truth.Moments;
import io.github.diffusion4j.sampling.DdimSampler;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.DpmMultistepSampler;
import io.github.diffusion4j.sampling.DpmOptions;
import io.github.diffusion4j.sampling.DpmOptions.Rule;
import io.github.diffusion4j.sampling.FinalOrder;
import io.github.diffusion4j.sampling.NoiseGrid;
import io.github.diffusion4j.torch.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The part of docs/errata.md on DDIM and solvers. */
class SamplerErrataTest {
  /** Coarse, so that forms differ by much. */
  private static final NoiseSchedule COARSE = NoiseSchedule.ofBetas(0.1, 0.2, 0.3, 0.4);

  private static final SubSequence TWO_STEPS = SubSequence.of(2, 4);
  private static final NoiseCurve CURVE = VariancePreserving.ddpm();
  private static final double X0 = 0.7;
  private static final double XT = -0.4;

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
  void ddim_alphaOfOneStep_missesTheLawOfTheLevel() {
    Moments before = Truth.forward(COARSE, 0, 2, X0);
    double oneStep = COARSE.alpha(2);

    Truth.of(before.mean() + before.deviation(), 1e-12)
        .confirms(afterOneStep(0, 1, 0))
        .refutes(Math.sqrt(oneStep) * X0 + Math.sqrt(1 - oneStep));
  }

  @Test
  void ddim_noiseAddedButNotTakenAway_hasTooMuchVariance() {
    double ofOld = afterOneStep(0.8, 1, 0) - afterOneStep(0.8, 0, 0);
    double ofFresh = afterOneStep(0.8, 0, 1) - afterOneStep(0.8, 0, 0);

    Truth.of(Truth.forward(COARSE, 0, 2, X0).variance(), 1e-12)
        .confirms(ofOld * ofOld + ofFresh * ofFresh)
        .refutes(1 - COARSE.alphaBar(2) + ofFresh * ofFresh);
  }

  @Test
  void ddim_etaOne_hasNotTheVarianceBeta() {
    double fresh = afterOneStep(1, 0, 1) - afterOneStep(1, 0, 0);

    Truth.of(Truth.bayes(COARSE, 2, 4, X0, XT).variance(), 1e-10)
        .confirms(fresh * fresh)
        .refutes(COARSE.shortenedTo(TWO_STEPS).beta(2));
  }

  /** A solver that is exact for a fixed x̂₀, x = noise ratio · x + signal · (1 − e⁻ʰ) · x̂₀. */
  @Test
  void lambda_wholeLogSnr_missesTheLawOfTheLevel() {
    NoiseLevel from = COARSE.level(4);
    NoiseLevel to = COARSE.level(2);
    double start = (from.signal() * X0 + from.noise()) * to.noise() / from.noise();
    double h = to.lambda() - from.lambda();
    double whole = COARSE.logSnr(2) - COARSE.logSnr(4);
    Moments before = Truth.forward(COARSE, 0, 2, X0);

    Truth.of(before.mean() + before.deviation(), 1e-12)
        .confirms(start - to.signal() * Math.expm1(-h) * X0)
        .refutes(start - to.signal() * Math.expm1(-whole) * X0);
  }

  /** An estimate that is a parabola in λ, of which three looks tell everything. */
  @Test
  void multistep_secondDifferenceForTheDerivative_isNotTheIntegral() {
    Denoiser parabola =
        (xt, level) ->
            OneImage.of(xt, xt.times(0).plus(1 + level.lambda() * level.lambda()), level);
    List<Double> seen = new ArrayList<>();
    double third = run(parabola, Rule.EXACT, seen);
    NoiseLevel from = level(1);
    NoiseLevel to = level(2);
    double integral =
        integral(from.lambda(), to.lambda(), u -> Math.exp(u) * (1 + u * u)); // of d(x / noise)/dλ

    Truth.of(to.noise() * (seen.get(2) / from.noise() + integral), 1e-9)
        .confirms(third)
        .refutes(run(parabola, Rule.MIDPOINT, new ArrayList<>()));
  }

  /** Three steps of equal length in λ, of which the third is of order 3. */
  private static double run(Denoiser denoiser, Rule rule, List<Double> seen) {
    NoiseGrid grid = NoiseGrid.of(CURVE, level(2), level(1), level(0), level(-1));
    DpmOptions options = DpmOptions.plusPlus(3).with(rule).with(FinalOrder.FULL);
    return new DpmMultistepSampler(grid, options)
        .sample(denoiser, new OneImage.Plain(XT, 0), step -> seen.add(step.xt().item()), 1, 1)
        .item();
  }

  private static NoiseLevel level(double lambda) {
    return CURVE.atSigma(Math.exp(-lambda));
  }

  /** Simpson's rule. */
  private static double integral(double from, double to, DoubleUnaryOperator f) {
    int parts = 1000;
    double h = (to - from) / parts;
    double sum = f.applyAsDouble(from) + f.applyAsDouble(to);
    for (int i = 1; i < parts; i++) {
      sum += (i % 2 == 0 ? 2 : 4) * f.applyAsDouble(from + i * h);
    }
    return sum * h / 3;
  }

  /** Where DDIM comes from t = 4 to t = 2, if x₄ holds {@code epsilon} and the fresh noise is z. */
  private static double afterOneStep(double eta, double epsilon, double z) {
    NoiseLevel end = COARSE.level(4);
    List<Double> seen = new ArrayList<>();
    OneImage.Plain noise = new OneImage.Plain(end.signal() * X0 + end.noise() * epsilon, z);
    new DdimSampler(COARSE, TWO_STEPS, eta)
        .sample(new OneImage(X0), noise, step -> seen.add(step.xt().item()), 1, 1);
    return seen.get(1);
  }
}
