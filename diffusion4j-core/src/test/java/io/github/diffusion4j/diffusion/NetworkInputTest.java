package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkInputTest {
  private static final double DEVIATION = 0.5;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** The network sees and hears of σ only, whatever share of image and noise x has. */
  @ParameterizedTest
  @CsvSource({"1, 0.3", "1, 80", "0.8, 0.6", "0.01, 0.9", "3, 0.006"})
  void preconditioned_anyCoordinates_isTheFormulaOfEdm(double signal, double noise) {
    BatchLevels levels = levels(signal, noise);
    double sigma = noise / signal;
    Tensor x = values(0.7, -1.2).times(signal);

    assertNumbers(edm().images(x, levels).toDoubles())
        .areCloseTo(
            new double[] {
              0.7 / Math.sqrt(sigma * sigma + 0.25), -1.2 / Math.sqrt(sigma * sigma + 0.25)
            },
            1e-12);
    assertThat(edm().time(levels).toDoubles()[0]).isEqualTo(Math.log(sigma) / 4, within(1e-6));
  }

  /** cₛₖᵢₚ x + cₒᵤₜ F, and with the velocity cₛₖᵢₚ x − cₒᵤₜ v, x being the image plus σ ε. */
  @ParameterizedTest
  @CsvSource({"1, 0.3", "1, 80", "0.8, 0.6", "0.01, 0.9"})
  void x0Hat_ofAnswers_isTheDenoiserOfEdm(double signal, double noise) {
    BatchLevels levels = levels(signal, noise);
    double sigma = noise / signal;
    double square = sigma * sigma + 0.25;
    Tensor x = values(0.7, -1.2);
    Tensor answer = values(0.4, 0.9);
    Tensor skipped = x.times(0.25 / square);
    Tensor added = answer.times(sigma * DEVIATION / Math.sqrt(square));

    assertNumbers(x0Hat(Prediction.preconditioned(DEVIATION), x, answer, levels))
        .areCloseTo(skipped.plus(added).toDoubles(), 1e-12);
    assertNumbers(x0Hat(Prediction.preconditionedVelocity(DEVIATION), x, answer, levels))
        .areCloseTo(skipped.minus(added).toDoubles(), 1e-12);
  }

  @Test
  void preconditionedVelocity_ofDataOfVarianceOne_isV() {
    NoiseLevel level = new NoiseLevel(1, 0.6, 0.8);

    Prediction.Mixture v = Prediction.preconditionedVelocity(1).at(level);

    assertThat(v.ofX0()).isEqualTo(Prediction.V.at(level).ofX0(), within(1e-15));
    assertThat(v.ofEpsilon()).isEqualTo(Prediction.V.at(level).ofEpsilon(), within(1e-15));
  }

  @Test
  void ofSteps_anyLevel_isTheImageAndItsStepFromZero() {
    BatchLevels levels = BatchLevels.of(List.of(new NoiseLevel(7, 0.8, 0.6)));
    Tensor x = values(0.7, -1.2);

    assertThat(NetworkInput.OF_STEPS.images(x, levels)).isSameAs(x);
    assertThat(NetworkInput.OF_STEPS.time(levels).toDoubles()).containsExactly(6);
  }

  @Test
  void ofAngle_anyLevel_isTheImageAndAPartOfARightAngle() {
    Tensor x = values(0.7, -1.2);

    assertThat(NetworkInput.OF_ANGLE.images(x, levels(0.8, 0.6))).isSameAs(x);
    assertThat(NetworkInput.OF_ANGLE.time(levels(1, 1)).item()).isEqualTo(0.5, within(1e-7));
    assertThat(NetworkInput.OF_ANGLE.time(levels(0, 1)).item()).isEqualTo(1, within(1e-7));
    assertThat(NetworkInput.OF_ANGLE.time(levels(1, 0)).item()).isZero();
  }

  @Test
  void ofLogSigma_anyLevel_isTheImageAndAQuarterOfTheLogarithm() {
    Tensor x = values(0.7, -1.2);

    assertThat(NetworkInput.OF_LOG_SIGMA.images(x, levels(0.8, 0.6))).isSameAs(x);
    assertThat(NetworkInput.OF_LOG_SIGMA.time(levels(0.8, 0.6)).item())
        .isEqualTo(Math.log(0.75) / 4, within(1e-7));
    assertThat(NetworkInput.OF_LOG_SIGMA.time(levels(0, 1)).item())
        .isEqualTo(Math.log(4096) / 4, within(1e-6));
  }

  /** EDM's images, and a time a thousand times as large. */
  @Test
  void consistency_anyLevel_isTheFormulaOfThePaper() {
    NetworkInput input = NetworkInput.consistency(DEVIATION);
    BatchLevels levels = levels(0.8, 0.6);
    Tensor x = values(0.7, -1.2);

    assertNumbers(input.images(x, levels).toDoubles())
        .areEqualTo(edm().images(x, levels).toDoubles());
    assertThat(input.time(levels).toDoubles()[0]).isEqualTo(250 * Math.log(0.75), within(1e-4));
  }

  private static double[] x0Hat(
      Prediction prediction, Tensor scaled, Tensor answer, BatchLevels levels) {
    Tensor xt = scaled.times(levels.levels().get(0).signal());
    return prediction.x0Hat(xt, answer, levels).toDoubles();
  }

  private static NetworkInput edm() {
    return NetworkInput.preconditioned(DEVIATION);
  }

  private static BatchLevels levels(double signal, double noise) {
    return BatchLevels.of(List.of(new NoiseLevel(1, signal, noise)));
  }

  private static Tensor values(double... values) {
    return Tensor.of(values, 1, values.length).to(DType.F64);
  }
}
