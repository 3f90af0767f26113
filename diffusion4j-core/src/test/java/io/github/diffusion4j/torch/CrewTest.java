package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerics")
final class CrewTest {
  /** What a part is. */
  private record Part(int index, int first, int count) {}

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 9", "2, 2", "2, 7", "3, 8"})
  void share_anyBatch_isDividedInOrderAndNearlyEqually(int size, int samples) {
    try (Crew crew = new Crew(size)) {
      List<Part> parts = crew.share(samples, Part::new);

      assertThat(parts).hasSize(size);
      int next = 0;
      for (int i = 0; i < size; i++) {
        assertThat(parts.get(i).index()).isEqualTo(i);
        assertThat(parts.get(i).first()).isEqualTo(next);
        assertThat(parts.get(i).count()).isBetween(samples / size, samples / size + 1);
        next += parts.get(i).count();
      }
      assertThat(next).isEqualTo(samples);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void alone_anyCrew_hasOneCoreAndLeavesTheOthersTheirs(int size) {
    int cores = Engine.threads();
    try (Crew crew = new Crew(size)) {
      assertThat(crew.alone(Engine::threads)).isEqualTo(1);
      assertThat(crew.share(size, (part, first, count) -> Engine.threads()))
          .containsOnly(Math.max(1, cores / size));
      assertThat(Engine.threads()).isEqualTo(cores);
    }
  }

  @Test
  void alone_thatFails_failsForTheCaller() {
    try (Crew crew = new Crew(2)) {
      assertThatThrownBy(
              () ->
                  crew.alone(
                      () -> {
                        throw new IllegalStateException("no");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no");
    }
  }
}
