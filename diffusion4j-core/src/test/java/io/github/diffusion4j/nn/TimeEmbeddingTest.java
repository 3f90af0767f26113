package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig.Order;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeEmbeddingTest {
  private static final double[] SHIFT_0 = {1, 0.1, 0.01, 0.001};
  private static final double[] SHIFT_1 = {1, 0.046415888, 0.0021544347, 1e-4};

  @ParameterizedTest
  @CsvSource({"SIN_COS, 0", "SIN_COS, 1", "COS_SIN, 0", "COS_SIN, 1"})
  void sinusoids_ofDimension8_haveKnownFrequencies(Order order, int shift) {
    double[] frequencies = shift == 0 ? SHIFT_0 : SHIFT_1;
    int sines = order == Order.SIN_COS ? 0 : 4;
    try (Scope scope = Scope.open();
        TimeEmbedding embedding = embedding(8, new TimeEmbeddingConfig(order, shift))) {
      for (int time : new int[] {0, 1, 10, 999}) {
        float[] actual = embedding.features(Tensor.of(new long[] {time}, 1)).toFloats();

        for (int i = 0; i < 4; i++) {
          double angle = time * frequencies[i];
          assertThat((double) actual[sines + i]).isCloseTo(Math.sin(angle), within(1e-4));
          assertThat((double) actual[4 - sines + i]).isCloseTo(Math.cos(angle), within(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "5"})
  void sinusoids_ofAnyDimension_areFinite(int dimension) {
    for (int shift = 0; shift <= 1; shift++) {
      try (Scope scope = Scope.open();
          TimeEmbedding embedding =
              embedding(dimension, new TimeEmbeddingConfig(Order.SIN_COS, shift))) {
        Tensor result = embedding.features(Tensor.of(new long[] {3, 4}, 2));

        assertThat(result.shape()).containsExactly(2, dimension);
        assertThat(result.sum().item()).isFinite();
      }
    }
  }

  private static TimeEmbedding embedding(int sinusoids, TimeEmbeddingConfig config) {
    return new TimeEmbedding(sinusoids, 4 * sinusoids, config, Start.TORCH);
  }
}
