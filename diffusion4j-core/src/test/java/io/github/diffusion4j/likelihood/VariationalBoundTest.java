package io.github.diffusion4j.likelihood;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.AnalyticVariance;
import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.LiveObjects;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The bound of data for which the best denoiser and the likelihood are known. */
class VariationalBoundTest {
  private static final GrayPixels DATA = new GrayPixels(0.1, 0.04, 64);
  private static final Seed SEED = Seed.of(3);

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @EnumSource(FixedVariance.class)
  void terms_ofGaussianData_equalTheClosedForm(FixedVariance variance) {
    NoiseSchedule schedule = CosineSchedule.of(12);
    Tensor x0 = DATA.sample(400, SEED);

    BoundTable table = measure(schedule, variance, TimeSelection.all(schedule), 2, x0);

    for (int t = 2; t <= 12; t++) {
      BitsPerDimension found = table.terms(t, t);
      assertThat(found.mean())
          .as("t = %d", t)
          .isCloseTo(
              expected(schedule, variance, t, x0),
              within(4 * found.noiseError().orElseThrow() + 1e-9));
    }
  }

  /** E KL(q(x₍t−1₎ | xₜ, x₀) ‖ p(x₍t−1₎ | xₜ)) over the noise, for these images, in bits. */
  private static double expected(NoiseSchedule schedule, FixedVariance variance, int t, Tensor x0) {
    NoiseLevel level = schedule.level(t);
    double a = level.signal();
    double b = level.noise();
    double gain = a * DATA.variance() / (a * a * DATA.variance() + b * b);
    double fromData =
        Arrays.stream(x0.toDoubles())
            .map(x -> Math.pow((1 - gain * a) * (x - DATA.mean()), 2))
            .average()
            .orElseThrow();
    double share = new Posterior(schedule).x0Coefficient(t);
    double offset = share * share * (fromData + gain * gain * b * b);
    double sigma2 = variance.at(schedule, t);
    double ratio = schedule.betaTilde(t) / sigma2;
    return 0.5 * (offset / sigma2 + ratio - 1 - Math.log(ratio)) / Math.log(2);
  }

  static Stream<NoiseSchedule> schedules() {
    return Stream.of(
        NoiseSchedule.ofBetas(0.001, 0.03, 0.4, 0.8, 0.99, 0.99),
        CosineSchedule.of(30),
        CosineSchedule.of(100));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void total_bestVarianceToo_isTheLikelihoodWhateverT(NoiseSchedule schedule) {
    Tensor x0 = DATA.sample(700, SEED);

    BoundTable table = measure(schedule, best(schedule), TimeSelection.all(schedule), 2, x0);

    BitsPerDimension total = table.total();
    assertThat(total.noiseError().orElseThrow()).isBetween(1e-5, 0.01);
    assertThat(total.mean())
        .isCloseTo(mean(DATA.bits(x0)), within(4 * total.noiseError().orElseThrow()));
  }

  /** With V = Var(x₀ | xₜ) the reverse step of Gaussian data is exact. */
  private static AnalyticVariance best(NoiseSchedule schedule) {
    return AnalyticVariance.of(
        IntStream.rangeClosed(1, schedule.steps())
            .mapToDouble(t -> 1 / (1 / DATA.variance() + schedule.snr(t)))
            .toArray());
  }

  @Test
  void total_fixedVariance_fallsTowardsTheLikelihoodAsTGrows() {
    Tensor x0 = DATA.sample(400, SEED);
    double exact = mean(DATA.bits(x0));

    double[] gaps =
        IntStream.of(8, 32, 128)
            .mapToDouble(
                steps -> {
                  NoiseSchedule schedule = CosineSchedule.of(steps);
                  BoundTable table =
                      measure(schedule, FixedVariance.BETA, TimeSelection.all(schedule), 1, x0);
                  // L0 has a variance of its own, see FixedVariance.log; so the chain alone.
                  BoundTable best =
                      measure(schedule, best(schedule), TimeSelection.all(schedule), 1, x0);
                  return table.terms(2, steps).mean() + best.decoder().mean() - exact;
                })
            .toArray();

    assertThat(gaps[2]).isPositive();
    assertThat(gaps[0] / gaps[1]).isBetween(2.0, 6.0);
    assertThat(gaps[1] / gaps[2]).isBetween(2.5, 6.0);
  }

  @Test
  void measure_someTimes_hasTheSameExpectation() {
    NoiseSchedule schedule = CosineSchedule.of(200);
    Tensor x0 = DATA.sample(100, SEED);
    BoundTable all = measure(schedule, FixedVariance.BETA, TimeSelection.all(schedule), 2, x0);

    BoundTable some =
        measure(schedule, FixedVariance.BETA, TimeSelection.stratified(schedule, 12), 4, x0);

    for (int from : new int[] {1, 2, 21, 101}) {
      BitsPerDimension expected = all.terms(from, 200);
      BitsPerDimension found = some.terms(from, 200);
      double error =
          Math.hypot(found.noiseError().orElseThrow(), expected.noiseError().orElseThrow());
      assertThat(found.mean()).as("from %d", from).isCloseTo(expected.mean(), within(4 * error));
      assertThat(error).isLessThan(0.03);
    }
    assertThat(some.rows()).hasSizeLessThan(200);
    assertThat(some.rows().stream().mapToInt(BoundTable.Row::looks).sum()).isEqualTo(12 * 4 * 100);
  }

  @Test
  void measure_oneImageAlone_isThatOfTheBatch() {
    NoiseSchedule schedule = CosineSchedule.of(50);
    TimeSelection times = TimeSelection.stratified(schedule, 8);
    Tensor x0 = DATA.sample(130, SEED);

    double[][] together = measure(schedule, FixedVariance.BETA, times, 2, x0).totals();
    double[][] first = measure(schedule, FixedVariance.BETA, times, 2, x0.narrow(0, 0, 1)).totals();

    assertNumbers(first[0]).areCloseTo(together[0], 1e-12);
  }

  @Test
  void measure_imagesOfDifferentClasses_areEachGivenTheirOwnDenoiser() {
    NoiseSchedule schedule = CosineSchedule.of(10);
    Tensor x0 = DATA.sample(100, SEED);
    // A batch's denoiser, here one that is right for even numbers and wrong for odd ones.
    ImageDenoiser mixed =
        images ->
            (xt, level) -> {
              double[] shift = new double[images.length];
              Arrays.setAll(shift, i -> images[i] % 2 == 0 ? 0 : 0.6 * level.signal());
              Tensor column = Tensor.of(shift, shift.length, 1);
              return DATA.denoiser().estimate(xt.plus(column), level);
            };

    double[][] bits =
        new VariationalBound(
                schedule,
                FixedVariance.BETA,
                DiscretizedDecoder.EXACT,
                TimeSelection.stratified(schedule, 4),
                1)
            .measure(mixed, x0, SEED, done -> {})
            .totals();

    double largestEven = IntStream.range(0, 50).mapToDouble(i -> bits[2 * i][0]).max().orElse(0);
    double leastOdd = IntStream.range(0, 50).mapToDouble(i -> bits[2 * i + 1][0]).min().orElse(0);
    assertThat(leastOdd).isGreaterThan(largestEven);
  }

  @Test
  void measure_manySteps_leavesNoNativeObjects() {
    NoiseSchedule schedule = CosineSchedule.of(100);
    Tensor x0 = DATA.sample(2, SEED).to(DType.F32);
    long[] live = new long[101];
    LiveObjects.settled();

    new VariationalBound(
            schedule, FixedVariance.BETA, DiscretizedDecoder.TANH, TimeSelection.all(schedule), 1)
        .measure(
            ImageDenoiser.same(DATA.denoiser()),
            x0,
            SEED,
            done -> live[(int) Math.round(100 * done)] = Scope.liveObjects());

    assertThat(live[90]).isEqualTo(live[20]);
  }

  @Test
  void bound_ofNoDraws_isRefused() {
    NoiseSchedule schedule = CosineSchedule.of(10);
    assertThatThrownBy(
            () ->
                new VariationalBound(
                    schedule,
                    FixedVariance.BETA,
                    DiscretizedDecoder.EXACT,
                    TimeSelection.all(schedule),
                    0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("draws is 0");
  }

  private static BoundTable measure(
      NoiseSchedule schedule, ReverseVariance variance, TimeSelection times, int draws, Tensor x0) {
    return new VariationalBound(schedule, variance, DiscretizedDecoder.EXACT, times, draws)
        .measure(ImageDenoiser.same(DATA.denoiser()), x0, SEED, done -> {});
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
