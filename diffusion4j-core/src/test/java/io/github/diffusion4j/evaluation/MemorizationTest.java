package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemorizationTest {

  @Test
  void distances_inParts_areThoseOfTheNearest() {
    try (Scope scope = Scope.open()) {
      Features samples = Features.of(Seed.of(1).normal(30, 4));
      Features others = Features.of(Seed.of(2).normal(50, 4));
      NearestDistances nearest = new NearestDistances(samples);
      nearest.see(others.choose(range(0, 20)));
      nearest.see(others.choose(range(20, 50)));

      for (int i = 0; i < 30; i++) {
        int sample = i;
        double expected =
            Arrays.stream(range(0, 50))
                .mapToDouble(j -> samples.squaredDistance(sample, others, j))
                .min()
                .orElseThrow();
        assertThat(nearest.distances()[i]).isEqualTo(Math.sqrt(expected));
      }
    }
  }

  @Test
  void distances_toCopies_areZeroButNotToItself() {
    try (Scope scope = Scope.open()) {
      Features samples = Features.of(Seed.of(1).normal(30, 4).times(1000));
      NearestDistances toCopies = new NearestDistances(samples);
      toCopies.see(samples);
      NearestDistances toOthers = new NearestDistances(samples);
      toOthers.seeSamples(samples.choose(range(0, 10)), 0);
      toOthers.seeSamples(samples.choose(range(10, 30)), 10);

      assertThat(toCopies.distances()).containsOnly(0);
      assertThat(Arrays.stream(toOthers.distances()).min().orElseThrow()).isGreaterThan(1);
    }
  }

  /** One of four samples is a copy. */
  @Test
  void of_copies_areCounted() {
    Memorization found = Memorization.of(new double[] {0, 2, 3, 4}, new double[] {1, 2, 2, 2});

    assertThat(found.closeShare().value()).isEqualTo(0.25);
    assertThat(found.medianRatio().value()).isCloseTo(1.25, within(1e-12));
    assertThat(found.closeShare().interval().orElseThrow().holds(0.25)).isTrue();
  }

  @Test
  void of_imageInBothSets_isNoCopy() {
    assertThat(Memorization.of(new double[] {0}, new double[] {0}).medianRatio().value())
        .isEqualTo(1);
  }

  @Test
  void of_differentNumbers_areRefused() {
    assertThatThrownBy(() -> Memorization.of(new double[2], new double[3]))
        .hasMessageStartingWith("2 distances to training images and 3 to test images");
  }

  private static int[] range(int first, int end) {
    return IntStream.range(first, end).toArray();
  }
}
