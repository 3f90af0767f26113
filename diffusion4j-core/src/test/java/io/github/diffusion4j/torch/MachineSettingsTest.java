package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The settings of .ci/numerics reach the process that computes. */
@Tag("numerics")
class MachineSettingsTest {

  @Test
  void capability_limited_isThatOfTheKernels() {
    String limit = setting("ATEN_CPU_CAPABILITY").orElse("").toUpperCase(Locale.ROOT);

    assertThat(Engine.buildDescription()).contains("CPU capability usage: " + limit);
  }

  @Test
  void threads_given_areThoseUsed() {
    int threads = Integer.getInteger(Engine.THREADS_PROPERTY, Engine.threads());

    assertThat(Engine.threads()).isEqualTo(threads);
  }

  /** glibc fills memory that it hands out with the complement of MALLOC_PERTURB_. */
  @Test
  void memory_perturbed_isNotZero() {
    Engine.load();
    for (long size : new long[] {64, 4096, 1 << 20}) {
      try (BytePointer memory = new BytePointer(size)) {
        setting("MALLOC_PERTURB_")
            .map(value -> (byte) ~Integer.parseInt(value))
            .ifPresent(rubbish -> assertThat(memory.get(size / 2)).isEqualTo(rubbish));
        assertThat(memory.capacity()).isEqualTo(size);
      }
    }
  }

  private static Optional<String> setting(String name) {
    return Optional.ofNullable(System.getenv(name));
  }
}
