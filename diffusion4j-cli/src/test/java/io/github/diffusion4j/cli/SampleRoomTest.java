package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleRoomTest {
  private static final List<Integer> IMAGE = List.of(1, 10, 10);

  @Test
  void require_atTheBoundOfEither_isExact() {
    SampleRoom heap = new SampleRoom(800 * 1000, Long.MAX_VALUE);
    SampleRoom machine = new SampleRoom(Long.MAX_VALUE, 800 * 1000);

    for (SampleRoom room : List.of(heap, machine)) {
      assertThatCode(() -> room.require(1000, IMAGE)).doesNotThrowAnyException();
      assertThatThrownBy(() -> room.require(1001, IMAGE))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("--n is 1001, which takes ")
          .hasMessageContaining("allowed: 1000 at most");
    }
  }

  @Test
  void require_moreNumbersThanAnArrayHolds_isRefusedWithoutOverflow() {
    SampleRoom endless = new SampleRoom(Long.MAX_VALUE, Long.MAX_VALUE);

    assertThatThrownBy(() -> endless.require(2_000_000_000, List.of(3, 256, 256)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("allowed: 10922 at most");
  }

  @Test
  void describe_errorsOfMemory_namesWhatRaisesTheLimit() {
    assertThat(
            MemoryShortage.describe(new RuntimeException(new OutOfMemoryError("Java heap space"))))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("not enough Java heap (Java heap space): its limit is ")
                    .contains("DIFFUSION4J_JAVA_OPTIONS=-Xmx"));
    assertThat(MemoryShortage.describe(new RuntimeException("std::bad_alloc")))
        .hasValueSatisfying(
            line -> assertThat(line).startsWith("not enough memory (std::bad_alloc)"));
    assertThat(MemoryShortage.describe(new IllegalStateException("a bug"))).isEmpty();
  }
}
