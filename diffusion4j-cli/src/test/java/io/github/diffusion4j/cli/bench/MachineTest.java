package io.github.diffusion4j.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir private Path folder;

  @Test
  void busy_isThePartThatWasNeitherIdleNorWaitingForTheDisk() {
    long[] before = Machine.times(List.of("cpu  100 0 50 800 50 0 0 0 0 0", "cpu0 1 2 3"));
    long[] after = Machine.times(List.of("cpu  120 5 55 860 60 0 0 0 0 0", "cpu0 1 2 3"));

    assertThat(Machine.busy(before, after)).isCloseTo(0.3, Offset.offset(1e-12));
  }

  @Test
  void busy_noTimeBetween_isNothing() {
    long[] same = {1, 2, 3, 4, 5};

    assertThat(Machine.busy(same, same)).isZero();
  }

  @Test
  void peakMemory_isReadFromTheStatusOfAProcess() throws IOException {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nVmPeak:\t  99 kB\nVmHWM:\t  12345 kB\nThreads:\t3\n");

    assertThat(PeakMemory.of(status)).isEqualTo(OptionalLong.of(12345));
    assertThat(PeakMemory.of(folder.resolve("missing"))).isEmpty();
  }
}
