package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForwardProcessTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final ForwardProcess PROCESS = new ForwardProcess(DDPM);
  private static final int[] TIMES = {1, 2, 500, 1000};
  private static final BatchLevels LEVELS = PROCESS.levels(TIMES);

  private Scope scope;
  private Tensor x0;
  private Tensor epsilon;

  @BeforeEach
  void open() {
    scope = Scope.open();
    x0 = Seed.of(1).uniform(4, 3, 2, 2).times(2).minus(1).to(DType.F64);
    epsilon = Seed.of(2).normal(4, 3, 2, 2).to(DType.F64);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void equation4_meanAndVariance_equalStepsOfEquation2() {
    double mean = 1;
    double variance = 0;
    for (int t = 1; t <= 1000; t++) {
      mean *= Math.sqrt(DDPM.alpha(t));
      variance = DDPM.alpha(t) * variance + DDPM.beta(t);
      assertThat(DDPM.sqrtAlphaBar(t)).isCloseTo(mean, within(1e-14));
      assertThat(1 - DDPM.alphaBar(t)).isCloseTo(variance, within(1e-14));
    }
  }

  @Test
  void sample_noiseOfAllStepsJoined_equalsSteps() {
    int last = 50;
    Tensor xt = x0;
    Tensor joined = Tensor.zeros(DType.F64, 4, 3, 2, 2);
    for (int t = 1; t <= last; t++) {
      Tensor z = Seed.of(3).derive(t).normal(4, 3, 2, 2).to(DType.F64);
      xt = PROCESS.step(xt, all(t), z);
      double reach = Math.sqrt(DDPM.beta(t) * DDPM.alphaBar(last) / DDPM.alphaBar(t));
      joined = joined.plus(z.times(reach));
    }
    Tensor noise = joined.dividedBy(DDPM.sqrtOneMinusAlphaBar(last));

    assertClose(PROCESS.sample(x0, all(last), noise), xt, 1e-13);
  }

  @Test
  void sample_timesOfTheirOwn_equalsLoopPerImage() {
    double[] xt = PROCESS.sample(x0, TIMES, epsilon).toDoubles();
    double[] image = x0.toDoubles();
    double[] noise = epsilon.toDoubles();

    for (int i = 0; i < xt.length; i++) {
      int t = TIMES[i / 12];
      double expected =
          Math.sqrt(DDPM.alphaBar(t)) * image[i] + Math.sqrt(1 - DDPM.alphaBar(t)) * noise[i];
      assertThat(xt[i]).isCloseTo(expected, within(1e-15));
    }
  }

  @Test
  void sample_manyDraws_haveMomentsOfEquation4() {
    int count = 100_000;
    Tensor half = Tensor.full(0.5, count, 1, 1, 1);
    int[] t = new int[count];
    Arrays.fill(t, 300);
    Tensor xt = PROCESS.sample(half, t, Seed.of(4).normal(count, 1, 1, 1));

    double mean = xt.mean().item();
    double variance = xt.square().mean().item() - mean * mean;
    double expected = 1 - DDPM.alphaBar(300);
    // Five standard errors.
    assertThat(mean)
        .isCloseTo(0.5 * DDPM.sqrtAlphaBar(300), within(5 * Math.sqrt(expected / count)));
    assertThat(variance).isCloseTo(expected, within(5 * expected * Math.sqrt(2.0 / count)));
  }

  @ParameterizedTest
  @EnumSource
  void prediction_ofTheTruth_givesBackImageAndNoise(Predictions kind) {
    Prediction prediction = kind.get();
    Tensor xt = PROCESS.sample(x0, TIMES, epsilon);
    Tensor target = prediction.target(x0, epsilon, LEVELS);

    assertClose(prediction.x0Hat(xt, target, LEVELS), x0, 1e-9);
    assertClose(prediction.epsilonHat(xt, target, LEVELS), epsilon, 1e-9);
  }

  @ParameterizedTest
  @EnumSource
  void prediction_anyOutput_convertsToEachOther(Predictions kind) {
    Prediction prediction = kind.get();
    Tensor xt = Seed.of(5).normal(4, 3, 2, 2).to(DType.F64);
    Tensor output = Seed.of(6).normal(4, 3, 2, 2).to(DType.F64);
    Tensor x0Hat = prediction.x0Hat(xt, output, LEVELS);
    Tensor epsilonHat = prediction.epsilonHat(xt, output, LEVELS);

    assertRelative(PROCESS.sample(x0Hat, TIMES, epsilonHat), xt, scale(x0Hat));
    for (Predictions each : Predictions.values()) {
      Prediction other = each.get();
      Tensor converted = other.target(x0Hat, epsilonHat, LEVELS);
      assertRelative(other.x0Hat(xt, converted, LEVELS), x0Hat, scale(x0Hat));
      assertRelative(other.epsilonHat(xt, converted, LEVELS), epsilonHat, scale(x0Hat));
    }
    assertRelative(prediction.target(x0Hat, epsilonHat, LEVELS), output, scale(x0Hat));
  }

  @Test
  void velocity_atBothEnds_isNoiseThenImage() {
    Tensor early = Prediction.V.target(x0, epsilon, PROCESS.levels(all(1)));
    Tensor late = Prediction.V.target(x0, epsilon, PROCESS.levels(all(1000)));

    assertClose(early, epsilon, 0.05);
    assertClose(late, x0.negated(), 0.05);
  }

  @Test
  void results_keepTheElementType() {
    assertThat(PROCESS.sample(x0, TIMES, epsilon).type()).isEqualTo(DType.F64);
    assertThat(PROCESS.sample(x0.to(DType.F32), TIMES, epsilon.to(DType.F32)).type())
        .isEqualTo(DType.F32);
  }

  @Test
  void sample_wrongNumberOfTimes_namesBoth() {
    assertThatThrownBy(() -> PROCESS.sample(x0, new int[] {1, 2, 3}, epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 times given for a batch of shape F64[4, 3, 2, 2]");
    assertThatThrownBy(() -> PROCESS.step(x0, all(0), epsilon))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("t is 0; allowed: 1…1000");
  }

  @Test
  void networkTime_ofOurs_isOneLess() {
    Tensor time = NetworkTime.of(PROCESS.levels(1, 500, 1000));

    assertThat(time.type()).isEqualTo(DType.F32);
    assertThat(time.toFloats()).containsExactly(0, 499, 999);
  }

  private static int[] all(int t) {
    return new int[] {t, t, t, t};
  }

  private static double scale(Tensor x) {
    return 1 + Arrays.stream(x.abs().toDoubles()).max().orElseThrow();
  }

  private static void assertRelative(Tensor actual, Tensor expected, double scale) {
    assertClose(actual, expected, 1e-8 * scale);
  }

  private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
    assertNumbers(actual.toDoubles()).areCloseTo(expected.toDoubles(), tolerance);
  }
}
