package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerics")
class DropoutTest {
  private static final Seed SEED = Seed.of(11);

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void apply_toOnes_dropsTheGivenShareAndKeepsTheMean(double p) {
    try (Scope scope = Scope.open()) {
      float[] result = Dropout.of(p, SEED).apply(Tensor.full(1, 100, 1000)).toFloats();

      float kept = (float) (1 / (1 - p));
      int dropped = 0;
      double sum = 0;
      for (float value : result) {
        assertThat(value == 0 || Math.abs(value - kept) < 1e-5).isTrue();
        dropped += value == 0 ? 1 : 0;
        sum += value;
      }
      assertThat(dropped / (double) result.length).isCloseTo(p, within(0.01));
      assertThat(sum / result.length).isCloseTo(1, within(0.05));
    }
  }

  @Test
  void apply_withEqualSeeds_dropsTheSameButNeverTwice() {
    try (Scope scope = Scope.open()) {
      Tensor ones = Tensor.full(1, 1000);
      Dropout one = Dropout.of(0.5, SEED);
      Dropout same = Dropout.of(0.5, SEED);

      float[] first = one.apply(ones).toFloats();
      float[] second = one.apply(ones).toFloats();

      assertThat(same.apply(ones).toFloats()).containsExactly(first);
      assertThat(same.apply(ones).toFloats()).containsExactly(second);
      assertThat(second).isNotEqualTo(first);
    }
  }

  @Test
  void of_probabilityZero_isNone() {
    assertThat(Dropout.of(0, SEED)).isSameAs(Dropout.NONE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void of_impossibleProbability_isRefused(double p) {
    assertThatThrownBy(() -> Dropout.of(p, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dropout is " + p);
  }

  @Test
  void forward_withDropout_changesNetworkOutputReproducibly() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), SEED)) {
      float[] without = predict(network, Dropout.NONE);
      float[] with = predict(network, Dropout.of(0.5, SEED));

      assertThat(with).isNotEqualTo(without);
      assertThat(predict(network, Dropout.of(0.5, SEED))).containsExactly(with);
    }
  }

  private static float[] predict(UNet network, Dropout dropout) {
    Tensor x = SEED.normal(1, 3, 8, 8);
    Tensor time = Tensor.of(new long[] {10}, 1);
    return network.forward(x, time, Optional.empty(), dropout).toFloats();
  }
}
