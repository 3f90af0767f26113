package io.github.diffusion4j.nn;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.torch.Crew;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Linear layers on rows of pixels are the slow form, and the oracle. */
@Tag("numerics")
final class SelfAttentionTest {
  @ParameterizedTest
  @CsvSource({"1, 8, 8, 4, 4", "2, 8, 4, 3, 5", "3, 12, 4, 1, 2", "2, 64, 8, 8, 8"})
  void forward_inPlanes_isThatInRows(int n, int channels, int headWidth, int height, int width) {
    try (Scope scope = Scope.open();
        SelfAttention attention = attention(channels, headWidth)) {
      attention.initialize(Seed.of(1));
      Tensor x = Seed.of(2).normal(n, channels, height, width);
      Tensor answer = Seed.of(3).normal(n, channels, height, width);

      Map<String, Tensor> rows = results(attention, x, answer, PixelOrder.ROWS);
      Map<String, Tensor> planes = results(attention, x, answer, PixelOrder.PLANES);

      assertThat(planes).containsOnlyKeys(rows.keySet()).hasSize(4 * 2 + 2 + 2);
      planes.forEach(
          (name, actual) -> {
            Tensor expected = requireNonNull(rows.get(name));
            assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
            assertNumbers(actual.toDoubles())
                .as(name)
                .areCloseTo(expected.toDoubles(), 1e-5 * largest(expected));
          });
    }
  }

  /** Where each thread has a part of the batch, none may take the others' cores. */
  @Test
  void of_aThreadWithOneCore_isRows() {
    try (Scope scope = Scope.open();
        Crew crew = new Crew(Engine.threads())) {
      Tensor x = Tensor.homeless(4, 256, 16, 16);
      Tensor small = Tensor.homeless(4, 256, 4, 4);

      assertThat(crew.share(Engine.threads(), (part, first, count) -> PixelOrder.of(x)))
          .containsOnly(PixelOrder.ROWS);
      assertThat(PixelOrder.of(x) == PixelOrder.PLANES).isEqualTo(Engine.threads() > 1);
      assertThat(PixelOrder.of(small)).isEqualTo(PixelOrder.ROWS);
    }
  }

  private static SelfAttention attention(int channels, int headWidth) {
    LayerConfig layers =
        new LayerConfig(
            2,
            1e-5,
            0,
            Optional.of(headWidth),
            LayerConfig.Downsampling.SYMMETRIC,
            TimeEmbeddingConfig.DEFAULT,
            LayerConfig.Initialization.TORCH);
    return new SelfAttention(channels, layers);
  }

  private static Map<String, Tensor> results(
      SelfAttention attention, Tensor input, Tensor answer, PixelOrder order) {
    attention.parameters().values().forEach(Tensor::clearGradient);
    Tensor x = input.copy().trainable();
    Tensor result = attention.forward(x, order);
    result.times(answer).sum().backward();
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("result", result.detach());
    results.put("x", x.gradient());
    attention.parameters().forEach((name, value) -> results.put(name, value.gradient()));
    return results;
  }

  private static double largest(Tensor tensor) {
    double largest = 1;
    for (double each : tensor.toDoubles()) {
      largest = Math.max(largest, Math.abs(each));
    }
    return largest;
  }
}
