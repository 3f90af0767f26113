package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicedWassersteinTest {
  private static final SlicedWasserstein DISTANCE = new SlicedWasserstein(2000, Seed.of(1));

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** A shift by v moves every projection by θ · v, whose square has the mean |v|² / d. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10})
  void squaredDistance_shiftedSet_isTheSquaredShiftPerDimension(int dimensions) {
    Tensor a = Seed.of(2).normal(100, dimensions);
    Tensor v = Seed.of(3).normal(1, dimensions);
    Measured measured = DISTANCE.squaredDistance(a.plus(v), a);

    double expected = v.square().sum().item() / dimensions;
    assertThat(measured.value())
        .isCloseTo(expected, within(4 * measured.standardError() + 1e-5 * expected));
    assertThat(measured.standardError()).isLessThan(0.05 * expected);
  }

  /** Stretching by c keeps the order on every line: (c − 1)² times the mean of |a|² / d. */
  @Test
  void squaredDistance_stretchedSet_isThatOfTheLengths() {
    Tensor a = Seed.of(2).normal(500, 2);
    Measured measured = DISTANCE.squaredDistance(a, a.times(3));

    double expected = 4 * a.square().sum().item() / 500 / 2;
    assertThat(measured.value()).isCloseTo(expected, within(4 * measured.standardError()));
  }

  /** W₂² of N(m, s²) and N(n, r²) on a line is (m − n)² + (s − r)². */
  @Test
  void squaredDistance_samplesOfGaussians_approachTheClosedForm() {
    Tensor a = Seed.of(4).normal(20_000, 2);
    Tensor b = Seed.of(5).normal(20_000, 2).times(0.25).plus(0.5);

    double value = new SlicedWasserstein(100, Seed.of(1)).squaredDistance(a, b).value();

    assertThat(value).isCloseTo(0.5 * 0.5 + 0.75 * 0.75, within(0.02));
  }

  @Test
  void squaredDistance_sameSetInOtherOrder_isZero() {
    Tensor a = Seed.of(2).normal(100, 3);

    assertThat(DISTANCE.squaredDistance(a, a.flip(0)).value()).isCloseTo(0, within(1e-12));
  }

  @Test
  void squaredDistance_swappedSets_isTheSame() {
    Tensor a = Seed.of(2).normal(100, 3);
    Tensor b = Seed.of(3).uniform(100, 3);

    assertThat(DISTANCE.squaredDistance(a, b)).isEqualTo(DISTANCE.squaredDistance(b, a));
  }

  /** The stated error is the spread of the estimate over other choices of directions. */
  @Test
  void standardError_ofFewDirections_isTheirSpread() {
    Tensor a = Seed.of(2).normal(50, 2);
    Tensor b = a.plus(Tensor.of(new float[] {1, 0}, 1, 2));
    int repeats = 200;
    double squares = 0;
    double stated = 0;
    for (int i = 0; i < repeats; i++) {
      Measured measured = new SlicedWasserstein(20, Seed.of(i)).squaredDistance(a, b);
      squares += (measured.value() - 0.5) * (measured.value() - 0.5) / repeats;
      stated += measured.standardError() * measured.standardError() / repeats;
    }

    assertThat(Math.sqrt(stated / squares)).isBetween(0.85, 1.15); // its own error is 5 %
  }

  @Test
  void squaredDistance_wrongSets_areRefused() {
    assertThatThrownBy(() -> DISTANCE.squaredDistance(Tensor.zeros(3, 2), Tensor.zeros(4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the sets are [3, 2] and [4, 2]; allowed: two of one shape");
    assertThatThrownBy(() -> new SlicedWasserstein(1, Seed.of(1)))
        .hasMessage("directions is 1; allowed: 2 or more");
  }
}
