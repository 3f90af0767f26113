package io.github.diffusion4j.evaluation;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeaturesTest {
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
  void rows_ofFloats_areTheSameNumbersInDoublePrecision() {
    Features features = Features.of(Tensor.of(new float[] {1, 2, 3, 4, 5, 0.1f}, 3, 2));

    assertThat(features.count()).isEqualTo(3);
    assertThat(features.dimension()).isEqualTo(2);
    assertThat(features.rows().type()).isEqualTo(DType.F64);
    assertThat(features.rows().toDoubles()).containsExactly(1, 2, 3, 4, 5, 0.1f);
    assertThat(features.rows(1, 2).toDoubles()).containsExactly(3, 4, 5, 0.1f);
    assertThat(features.choose(2, 0, 2).rows().toDoubles()).containsExactly(5, 0.1f, 1, 2, 5, 0.1f);
  }

  @Test
  void features_outliveTheScopeOfTheTensor() {
    Features features;
    try (Scope inner = Scope.open()) {
      features = Features.of(Tensor.of(new double[] {7}, 1, 1));
    }
    assertThat(features.rows().item()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(doubles = {NaN, NEGATIVE_INFINITY})
  void of_numberThatIsNotFinite_isRefusedByIndex(double bad) {
    Tensor rows = Tensor.of(new double[] {1, 2, 3, 4, 5, bad, 7, bad}, 4, 2);

    assertThatThrownBy(() -> Features.of(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("feature 1 of sample 2 (from 0 on) is " + bad + "; allowed: finite numbers");
  }

  @Test
  void of_wrongShape_isRefused() {
    assertThatThrownBy(() -> Features.of(Tensor.zeros(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features are F32[4]; allowed: [N, D] with N and D from 1 on");
    assertThatThrownBy(() -> Features.of(Tensor.zeros(0, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features are F32[0, 4]; allowed: [N, D] with N and D from 1 on");
  }

  @Test
  void of_moreNumbersThanAnArrayHolds_isRefused() {
    Tensor wide = Tensor.zeros(1, 1).expand(1 << 20, 1 << 12);

    assertThatThrownBy(() -> Features.of(wide))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features are F32[1048576, 4096]; allowed: up to 2147483647 numbers");
  }

  @Test
  void choose_sampleThatDoesNotExist_isRefused() {
    Features features = Features.of(Tensor.zeros(3, 1));

    assertThatThrownBy(() -> features.choose(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(features::choose).isInstanceOf(IllegalArgumentException.class);
  }
}
