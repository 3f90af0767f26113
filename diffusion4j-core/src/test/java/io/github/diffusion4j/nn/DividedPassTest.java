package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Crew;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network that is asked about the whole batch is the oracle. */
@Tag("numerics")
class DividedPassTest {
  private static final Seed SEED = Seed.of(1);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8})
  void forward_anyNumberOfThreads_answersAsTheNetwork(int threads) {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open();
        UNet network = new UNet(Networks.tiny(), SEED);
        DividedPass divided = new DividedPass(network, new Crew(threads))) {
      Tensor x = SEED.normal(7, 3, 8, 8);
      Tensor time = Tensor.of(new float[] {0, 1, 10, 100, 500, 998, 999}, 7);

      float[] whole = network.forward(x, time, Optional.empty(), Dropout.NONE).toFloats();
      float[] parts = divided.forward(x, time, Optional.empty()).toFloats();

      assertThat(parts).hasSameSizeAs(whole);
      for (int i = 0; i < whole.length; i++) {
        assertThat(parts[i]).isCloseTo(whole[i], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void forward_manyTimes_keepsNothing(int threads) {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), SEED);
        DividedPass divided = new DividedPass(network, new Crew(threads))) {
      Tensor x = SEED.normal(6, 3, 8, 8);
      Tensor time = Tensor.full(3, 6);
      long before = after(divided, x, time);

      assertThat(after(divided, x, time)).isEqualTo(before);
    }
  }

  private static long after(DividedPass pass, Tensor x, Tensor time) {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      pass.forward(x, time, Optional.empty());
    }
    return Scope.liveObjects();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void forward_wrongShape_isRefusedAsByTheNetwork(int threads) {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), SEED);
        DividedPass divided = new DividedPass(network, new Crew(threads))) {
      Tensor x = SEED.normal(4, 5, 8, 8);

      assertThatThrownBy(() -> divided.forward(x, Tensor.full(3, 4), Optional.empty()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
