package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownPointsTest {
  private static final int COUNT = 40_000;

  @ParameterizedTest
  @EnumSource
  void draw_anySet_isAboutAsLargeAsTheUnitSquare(KnownPoints known) {
    float[] values = values(known, COUNT, 1);

    for (int d = 0; d < known.dimensions(); d++) {
      double squares = 0;
      double largest = 0;
      for (int i = d; i < values.length; i += known.dimensions()) {
        squares += values[i] * values[i];
        largest = Math.max(largest, Math.abs(values[i]));
      }
      assertThat(Math.sqrt(squares / COUNT)).isBetween(0.25, 0.7);
      assertThat(largest).isBetween(0.6, 1.4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void draw_sameSeed_isTheSameAndFewAreTheFirstOfMany(KnownPoints known) {
    float[] many = values(known, 50, 3);

    assertThat(values(known, 50, 3)).isEqualTo(many);
    assertThat(values(known, 7, 3)).isEqualTo(Arrays.copyOf(many, 7 * known.dimensions()));
    assertThat(values(known, 50, 4)).isNotEqualTo(many);
  }

  /** Counts in cells of a grid against the integral of the density over the cell. */
  @ParameterizedTest
  @EnumSource(names = {"EIGHT_GAUSSIANS", "CHECKERBOARD", "TWO_GAUSSIANS", "THREE_GAUSSIANS"})
  void density_knownInClosedForm_isThatOfThePoints(KnownPoints known) {
    KnownDensity density = known.density().orElseThrow();
    int cells = 12;
    double side = 3.0 / cells;
    double[] expected = new double[known.dimensions() == 1 ? cells : cells * cells];
    int parts = 24;
    for (int cell = 0; cell < expected.length; cell++) {
      int column = cell % cells;
      int row = cell / cells;
      double left = -1.5 + column * side;
      double low = -1.5 + row * side;
      for (int part = 0; part < parts * parts; part++) {
        int across = part % parts;
        int up = part / parts;
        double x = left + (across + 0.5) / parts * side;
        double y = low + (up + 0.5) / parts * side;
        expected[cell] +=
            known.dimensions() == 1
                ? density.density(x) * side / (parts * parts)
                : density.density(x, y) * side * side / (parts * parts);
      }
    }
    double[] counted = new double[expected.length];
    float[] values = values(known, COUNT, 5);
    for (int i = 0; i < values.length; i += known.dimensions()) {
      int column = (int) Math.floor((values[i] + 1.5) / side);
      int row = known.dimensions() == 1 ? 0 : (int) Math.floor((values[i + 1] + 1.5) / side);
      counted[row * cells + column]++;
    }

    assertThat(Arrays.stream(expected).sum()).isCloseTo(1, within(1e-3));
    double chiSquare = 0;
    int used = 0;
    for (int cell = 0; cell < expected.length; cell++) {
      if (expected[cell] * COUNT > 5) {
        double off = counted[cell] - expected[cell] * COUNT;
        chiSquare += off * off / (expected[cell] * COUNT);
        used++;
      }
    }
    assertThat((chiSquare - used) / Math.sqrt(2.0 * used)).as("in deviations").isBetween(-4., 4.);
  }

  @Test
  void point_checkerboard_liesOnDarkSquares() {
    KnownDensity board = KnownPoints.CHECKERBOARD.density().orElseThrow();
    SplittableRandom random = new SplittableRandom(1);

    for (int i = 0; i < 1000; i++) {
      assertThat(board.density(board.point(random))).isEqualTo(0.5);
    }
    assertThat(board.density(-0.75, -0.75)).isEqualTo(0.5);
    assertThat(board.density(-0.25, -0.75)).isZero();
    assertThat(board.density(1.25, 0.75)).isZero();
  }

  /** Every point of a noisy curve is near the curve it is drawn from. */
  @Test
  void point_spiral_liesNearItsArms() {
    float[] values = values(KnownPoints.SPIRAL, 2000, 7);
    for (int i = 0; i < values.length; i += 2) {
      double nearest = Double.MAX_VALUE;
      for (int k = 0; k <= 4000; k++) {
        double radius = -1 + k / 2000.0;
        double x = radius * Math.cos(3 * Math.PI * Math.abs(radius));
        double y = radius * Math.sin(3 * Math.PI * Math.abs(radius));
        nearest = Math.min(nearest, Math.hypot(values[i] - x, values[i + 1] - y));
      }
      assertThat(nearest).isLessThan(6 * 0.02);
    }
  }

  @Test
  void named_everyId_findsIt() {
    assertThat(KnownPoints.names(2))
        .containsExactly("moons", "swiss-roll", "eight-gaussians", "spiral", "checkerboard");
    assertThat(KnownPoints.names(1)).containsExactly("two-gaussians", "three-gaussians");
    assertThat(KnownPoints.named("swiss-roll")).contains(KnownPoints.SWISS_ROLL);
    assertThat(KnownPoints.named("sun")).isEmpty();
    assertThat(KnownPoints.MOONS.density()).isEmpty();
  }

  @Test
  void gaussianPoints_whatIsNoDistribution_isRefused() {
    GaussianPoints.Cluster half = new GaussianPoints.Cluster(0.5, List.of(0.0), 1);
    GaussianPoints.Cluster plane = new GaussianPoints.Cluster(0.5, List.of(0.0, 0.0), 1);

    assertThatThrownBy(() -> new GaussianPoints(List.of(half)))
        .hasMessage("the weights add up to 0.5; allowed: 1");
    assertThatThrownBy(() -> new GaussianPoints(List.of(half, plane)))
        .hasMessageContaining("differ in length");
    assertThatThrownBy(() -> new GaussianPoints.Cluster(0.5, List.of(0.0), 0))
        .hasMessageContaining("deviation 0.0; allowed");
  }

  private static float[] values(KnownPoints known, int count, long seed) {
    try (Scope scope = Scope.open()) {
      return known.draw(count, Seed.of(seed)).points().toFloats();
    }
  }
}
