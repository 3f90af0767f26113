package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricBetaTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-6, 0.01, 0.2, 0.5, 0.77, 0.999, 1})
  void quantile_closedForms_areMet(double p) {
    double arcsine = Math.pow(Math.sin(Math.PI * p / 2), 2);
    double x = new SymmetricBeta(2).quantile(p);

    assertThat(new SymmetricBeta(0.5).quantile(p)).isEqualTo(arcsine, within(1e-14));
    assertThat(new SymmetricBeta(1).quantile(p)).isEqualTo(p, within(1e-14));
    assertThat(3 * x * x - 2 * x * x * x).isEqualTo(p, within(1e-14));
  }

  /** Of scipy 1.17.1. */
  @ParameterizedTest
  @CsvSource({
    "0.001, 1.855873851745199e-05",
    "0.1, 0.03958440558878085",
    "0.3, 0.23401700387523572",
    "0.9, 0.9604155944112192"
  })
  void quantile_ofSpacing_equalsScipy(double p, double expected) {
    assertThat(new SymmetricBeta(0.6).quantile(p)).isEqualTo(expected, within(1e-13));
  }

  @Test
  void quantile_noProbability_isRefused() {
    assertThatThrownBy(() -> new SymmetricBeta(0.6).quantile(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("probability is 1.5; allowed: 0…1");
  }
}
