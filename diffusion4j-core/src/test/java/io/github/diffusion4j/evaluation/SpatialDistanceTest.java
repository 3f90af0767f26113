package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpatialDistanceTest {
  private static final GaussianStatistics ORIGIN = gaussian(0, 1);

  @Test
  void between_gaussians_isTheDistanceOfTheirSpatialParts() {
    ReferenceStatistics one = new ReferenceStatistics(ORIGIN, Optional.of(gaussian(1, 4)));
    ReferenceStatistics other = new ReferenceStatistics(ORIGIN, Optional.of(gaussian(3, 9)));

    // (3 − 1)² + (√9 − √4)², in each of the two dimensions
    assertThat(SpatialDistance.between(one, other)).isCloseTo(10, within(1e-9));
    assertThat(SpatialDistance.between(one, one)).isCloseTo(0, within(1e-9));
  }

  @Test
  void between_withoutSpatialPart_isRefused() {
    ReferenceStatistics one = new ReferenceStatistics(ORIGIN, Optional.of(ORIGIN));
    ReferenceStatistics other = new ReferenceStatistics(ORIGIN);

    assertThatThrownBy(() -> SpatialDistance.between(one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("have no spatial features; allowed: those with mu_s and sigma_s");
  }

  private static GaussianStatistics gaussian(double mean, double variance) {
    return GaussianStatistics.of(
        new double[] {mean, mean}, new double[] {variance, 0, 0, variance});
  }
}
