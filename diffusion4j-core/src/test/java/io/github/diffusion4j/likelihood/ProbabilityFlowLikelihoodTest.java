package io.github.diffusion4j.likelihood;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SubVariancePreserving;
import io.github.diffusion4j.diffusion.VarianceExploding;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.likelihood.ProbabilityFlowLikelihood.Ends;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.Estimate;
import io.github.diffusion4j.sampling.MixtureDenoiser;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ODE's log-likelihood against the exact one of data whose law is known. */
class ProbabilityFlowLikelihoodTest {
  private static final GaussianMixture PLANE =
      GaussianMixture.of(
          Component.of(0.3, 0.04, 0.5, -0.25),
          Component.of(0.5, 0.01, -0.4, -0.2),
          Component.of(0.2, 0.09, 0.25, 0.875)); // their mean is 0, as that of the last density
  private static final NoiseCurve LINEAR = new ScheduleCurve(LinearSchedule.ddpm());
  private static final Seed SEED = Seed.of(5);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<Arguments> processes() {
    double moment = secondMoment(PLANE);
    return Stream.of(
        Arguments.of("linear", LINEAR, new Ends(0.01, 157, moment)),
        Arguments.of(
            "cosine", new ScheduleCurve(CosineSchedule.of(1000)), new Ends(0.0064, 2e4, moment)),
        Arguments.of("VP", VariancePreserving.ddpm(), new Ends(0.01, 150, moment)),
        Arguments.of("sub-VP", SubVariancePreserving.ddpm(), new Ends(0.01, 150, moment)),
        Arguments.of("VE", new VarianceExploding(0.01, 100), new Ends(0.01, 100, moment)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("processes")
  void logDensity_exactTrace_isThatOfTheMixture(String name, NoiseCurve curve, Ends ends) {
    ProbabilityFlowLikelihood flow =
        new ProbabilityFlowLikelihood(curve, ends, Divergence.EXACT, 64);
    GaussianMixture law = PLANE.at(flow.start());
    Tensor x = law.sample(200, SEED);

    double[] logDensity = flow.logDensity(new MixtureDenoiser(PLANE), x, seeds(200), done -> {});

    assertNumbers(logDensity).areCloseTo(law.logDensity(x).toDoubles(), 5e-4);
  }

  @Test
  void logDensity_moreSteps_convergesWithOrderFour() {
    Ends ends = new Ends(0.01, 1e6, secondMoment(PLANE)); // so far that the prior has no error
    Tensor x = PLANE.at(LINEAR.atSigma(0.01)).sample(50, SEED);
    double[] exact = PLANE.at(LINEAR.atSigma(0.01)).logDensity(x).toDoubles();

    double[] errors =
        IntStream.of(24, 48, 96)
            .mapToObj(steps -> new ProbabilityFlowLikelihood(LINEAR, ends, Divergence.EXACT, steps))
            .map(flow -> flow.logDensity(new MixtureDenoiser(PLANE), x, seeds(50), done -> {}))
            .mapToDouble(found -> rootMeanSquare(found, exact))
            .toArray();

    assertThat(Math.log(errors[1] / errors[2]) / Math.log(2)).isCloseTo(4, within(0.4));
    assertThat(errors[0]).isGreaterThan(errors[1]);
  }

  @Test
  void density_ofAWrongDenoiser_stillIntegratesToOne() {
    Denoiser wrong =
        (xt, level) -> {
          Tensor x0Hat = Functions.sin(xt.times(3 * level.signal())).times(0.5);
          BatchLevels levels = BatchLevels.same(level, xt);
          return new Estimate(x0Hat, Prediction.X0.epsilonHat(xt, x0Hat, levels));
        };
    int points = 4001;
    double[] grid = IntStream.range(0, points).mapToDouble(i -> (i - 2000) * 0.001).toArray();

    double[] logDensity =
        new ProbabilityFlowLikelihood(LINEAR, new Ends(0.05, 157, 0.25), Divergence.EXACT, 64)
            .logDensity(wrong, Tensor.of(grid, points, 1), seeds(points), done -> {});

    double mass = Arrays.stream(logDensity).map(Math::exp).sum() * 0.001;
    assertThat(mass).isCloseTo(1, within(1e-4));
  }

  @ParameterizedTest
  @EnumSource(
      value = Divergence.class,
      names = {"RADEMACHER", "GAUSSIAN"})
  void logDensity_hutchinson_isUnbiased(Divergence divergence) {
    GaussianMixture data = inEightDimensions();
    Ends ends = new Ends(0.01, 157, secondMoment(data));
    GaussianMixture law = data.at(LINEAR.atSigma(0.01));
    int probes = 600;
    Tensor points = law.sample(2, SEED);
    double[] exact = law.logDensity(points).toDoubles();

    for (int point = 0; point < 2; point++) {
      Tensor repeated = points.narrow(0, point, 1).expand(probes, 8).contiguous();
      double[] found =
          new ProbabilityFlowLikelihood(LINEAR, ends, divergence, 32)
              .logDensity(new MixtureDenoiser(data), repeated, seeds(probes), done -> {});

      double mean = Arrays.stream(found).average().orElseThrow();
      double spread = Arrays.stream(found).map(value -> (value - mean) * (value - mean)).sum();
      double standardError = Math.sqrt(spread / (probes - 1) / probes);
      assertThat(standardError).isBetween(1e-3, 0.5); // there is something to average out
      assertThat(mean).isCloseTo(exact[point], within(4 * standardError));
    }
  }

  @Test
  void logDensity_onePointAlone_isThatOfTheBatch() {
    Tensor x = PLANE.sample(5, SEED).to(DType.F32);
    ProbabilityFlowLikelihood flow =
        new ProbabilityFlowLikelihood(LINEAR, new Ends(0.01, 157, 0.5), Divergence.RADEMACHER, 8);

    double[] together = flow.logDensity(new MixtureDenoiser(PLANE), x, seeds(5), done -> {});
    double[] alone =
        flow.logDensity(
            new MixtureDenoiser(PLANE), x.narrow(0, 3, 1), seeds(5).subList(3, 4), done -> {});

    assertThat(alone[0]).isCloseTo(together[3], within(1e-4));
  }

  @Test
  void logDensity_insideNoGrad_stillHasDerivatives() {
    Tensor x = PLANE.sample(3, SEED);
    ProbabilityFlowLikelihood flow =
        new ProbabilityFlowLikelihood(LINEAR, new Ends(0.01, 157, 0.5), Divergence.EXACT, 4);
    double[] outside = flow.logDensity(new MixtureDenoiser(PLANE), x, seeds(3), done -> {});

    try (NoGrad off = NoGrad.open()) {
      assertThat(flow.logDensity(new MixtureDenoiser(PLANE), x, seeds(3), done -> {}))
          .isEqualTo(outside);
    }
  }

  @Test
  void logDensity_manySteps_leavesNoNativeObjects() {
    Tensor x = PLANE.sample(3, SEED);
    long[] live = new long[101];
    LiveObjects.settled();

    new ProbabilityFlowLikelihood(LINEAR, new Ends(0.01, 157, 0.5), Divergence.RADEMACHER, 100)
        .logDensity(
            new MixtureDenoiser(PLANE),
            x,
            seeds(3),
            done -> live[(int) Math.round(100 * done)] = Scope.liveObjects());

    assertThat(live[100]).isEqualTo(live[20]);
  }

  @Test
  void ends_inTheWrongOrder_areRefused() {
    assertThatThrownBy(() -> new Ends(2, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("σ goes from 2.0 to 1.0");
    assertThatThrownBy(() -> new Ends(0.01, Double.POSITIVE_INFINITY, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static GaussianMixture inEightDimensions() {
    double[] first = new double[8];
    double[] second = new double[8];
    Arrays.setAll(first, i -> i % 2 == 0 ? 0.5 : -0.5);
    Arrays.setAll(second, i -> i < 4 ? 0.6 : -0.2);
    return GaussianMixture.of(Component.of(0.4, 0.05, first), Component.of(0.6, 0.02, second));
  }

  private static double secondMoment(GaussianMixture data) {
    return data.components().stream()
        .mapToDouble(
            c ->
                c.weight()
                    * (c.variance()
                        + c.mean().stream().mapToDouble(m -> m * m).average().orElseThrow()))
        .sum();
  }

  private static double rootMeanSquare(double[] a, double[] b) {
    return Math.sqrt(
        IntStream.range(0, a.length)
            .mapToDouble(i -> (a[i] - b[i]) * (a[i] - b[i]))
            .average()
            .orElseThrow());
  }

  private static List<Seed> seeds(int count) {
    return LongStream.range(0, count).mapToObj(SEED::derive).toList();
  }
}
