package io.github.diffusion4j.likelihood;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.AnalyticVariance;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.VarianceExploding;
import io.github.diffusion4j.likelihood.ProbabilityFlowLikelihood.Ends;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bits per dimension by the ODE against the probability of gray levels. */
class ImageLikelihoodTest {
  private static final GrayPixels DATA = new GrayPixels(0.1, 0.04, 6);
  private static final double MOMENT = 0.04 + 0.1 * 0.1;
  private static final NoiseSchedule SCHEDULE = LinearSchedule.ddpm();
  private static final Seed SEED = Seed.of(8);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<NoiseCurve> processes() {
    return Stream.of(new ScheduleCurve(SCHEDULE), new VarianceExploding(0.01, 200));
  }

  @ParameterizedTest
  @MethodSource("processes")
  void measure_uniform_isTheProbabilityOfTheGrayLevels(NoiseCurve curve) {
    Tensor x0 = DATA.sample(200, SEED);
    ProbabilityFlowLikelihood flow = flow(curve, 0.001); // the oracle knows every level

    double[][] bits =
        new ImageLikelihood(flow, Dequantization.uniform(flow.start()), 2)
            .measure(ImageDenoiser.same(DATA.denoiser()), x0, SEED, done -> {});

    BitsPerDimension found = BitsPerDimension.of(bits);
    double exact = mean(DATA.bits(x0));
    double noise = found.noiseError().orElseThrow();
    assertThat(noise).isBetween(1e-5, 1e-3); // 0.0056, what 7 bits would be off, is far outside
    assertThat(found.mean()).isCloseTo(exact, within(4 * noise + 1e-4));
  }

  @Test
  void measure_firstStep_isTheProbabilityOfTheGrayLevels() {
    Tensor x0 = DATA.sample(300, SEED);
    AnalyticVariance best =
        AnalyticVariance.of(
            IntStream.rangeClosed(1, SCHEDULE.steps())
                .mapToDouble(t -> 1 / (1 / DATA.variance() + SCHEDULE.snr(t)))
                .toArray());

    double[][] bits =
        new ImageLikelihood(
                flow(new ScheduleCurve(SCHEDULE), SCHEDULE.level(1).sigma()),
                Dequantization.firstStep(SCHEDULE, best, DiscretizedDecoder.EXACT),
                4)
            .measure(ImageDenoiser.same(DATA.denoiser()), x0, SEED, done -> {});

    BitsPerDimension found = BitsPerDimension.of(bits);
    double noise = found.noiseError().orElseThrow();
    assertThat(noise).isLessThan(2e-3);
    // Rounding before the noise instead of after it makes a difference where both are alike.
    assertThat(found.mean()).isCloseTo(mean(DATA.bits(x0)), within(4 * noise + 2e-3));
  }

  @Test
  void measure_oneImageAlone_isThatOfTheBatch() {
    Tensor x0 = DATA.sample(70, SEED);
    ProbabilityFlowLikelihood flow =
        new ProbabilityFlowLikelihood(
            new ScheduleCurve(SCHEDULE), new Ends(0.01, 157, 1), Divergence.RADEMACHER, 4);
    ImageLikelihood likelihood = new ImageLikelihood(flow, Dequantization.uniform(flow.start()), 2);
    ImageDenoiser denoiser = ImageDenoiser.same(DATA.denoiser());

    double[][] together = likelihood.measure(denoiser, x0, SEED, done -> {});
    double[][] first = likelihood.measure(denoiser, x0.narrow(0, 0, 1), SEED, done -> {});

    assertNumbers(first[0]).areCloseTo(together[0], 1e-9);
    assertThat(together[69][0]).isNotEqualTo(together[69][1]);
  }

  @Test
  void likelihood_ofNoDraws_isRefused() {
    ProbabilityFlowLikelihood flow = flow(new ScheduleCurve(SCHEDULE), 0.01);
    assertThatThrownBy(() -> new ImageLikelihood(flow, Dequantization.uniform(flow.start()), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("draws is 0; allowed: at least 1");
  }

  private static ProbabilityFlowLikelihood flow(NoiseCurve curve, double smallestSigma) {
    return new ProbabilityFlowLikelihood(
        curve, new Ends(smallestSigma, 1000, MOMENT), Divergence.EXACT, 48);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
