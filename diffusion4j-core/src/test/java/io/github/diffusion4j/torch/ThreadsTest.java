package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts the cores of machines whose files are made here, as Linux writes them. */
class ThreadsTest {
  @TempDir private Path cpus;

  @Test
  void cores_noHyperthreads_areTheProcessors() throws IOException {
    for (int cpu = 0; cpu < 4; cpu++) {
      processor(cpu, "" + cpu, "" + cpu);
    }

    assertThat(Threads.cores(cpus, Set.of(0, 1, 2, 3))).hasValue(4);
  }

  @Test
  void cores_hyperthreads_countOncePerCore() throws IOException {
    for (int cpu = 0; cpu < 8; cpu++) {
      String siblings = "%d,%d".formatted(cpu % 4, cpu % 4 + 4);
      processor(cpu, siblings, siblings);
    }

    assertThat(Threads.cores(cpus, Set.of(0, 1, 2, 3, 4, 5, 6, 7))).hasValue(4);
    assertThat(Threads.cores(cpus, Set.of(0, 4, 5))).hasValue(2);
    assertThat(Threads.cores(cpus, Set.of(6))).hasValue(1);
  }

  @Test
  void cores_neighborsAsARange_areRead() throws IOException {
    for (int cpu = 0; cpu < 4; cpu++) {
      String siblings = cpu < 2 ? "0-1" : "2-3";
      processor(cpu, siblings, siblings);
    }

    assertThat(Threads.cores(cpus, Set.of(0, 1, 2, 3))).hasValue(2);
  }

  @Test
  void cores_hiddenCaches_areUnknown() throws IOException {
    for (int cpu = 0; cpu < 2; cpu++) {
      write(cpu, "topology/thread_siblings_list", "0-1");
    }

    assertThat(Threads.cores(cpus, Set.of(0, 1))).isEmpty();
  }

  @Test
  void cores_cachesThatSiblingsDoNotShare_areUnknown() throws IOException {
    for (int cpu = 0; cpu < 2; cpu++) {
      processor(cpu, "0-1", "" + cpu);
    }

    assertThat(Threads.cores(cpus, Set.of(0, 1))).isEmpty();
  }

  @Test
  void cores_hiddenTopologyOrNoSuchFiles_areUnknown() throws IOException {
    write(0, "cache/index0/level", "1");
    write(0, "cache/index0/shared_cpu_list", "0");

    assertThat(Threads.cores(cpus, Set.of(0))).isEmpty();
    assertThat(Threads.cores(cpus.resolve("none"), Set.of(0, 1))).isEmpty();
    assertThat(Threads.cores(cpus, Set.of())).isEmpty();
  }

  @Test
  void cores_damagedList_areUnknown() throws IOException {
    processor(0, "0-x", "0-x");

    assertThat(Threads.cores(cpus, Set.of(0))).isEmpty();
  }

  @Test
  void allowed_affinityMask_isRead() throws IOException {
    Path status = cpus.resolve("status");
    Files.writeString(status, "Name:\tjava\nCpus_allowed:\tf1\nCpus_allowed_list:\t0,4-7\n");

    assertThat(Threads.allowed(status)).containsExactlyInAnyOrder(0, 4, 5, 6, 7);
    assertThat(Threads.allowed(cpus.resolve("none"))).isEmpty();
  }

  @Test
  void of_coresUnknown_isOnePerProcessor() {
    assertThat(Threads.of(3, OptionalInt.empty()).count()).isEqualTo(3);
    assertThat(Threads.of(1, OptionalInt.empty()))
        .hasToString("1 thread, one for each processor that this process may use");
  }

  @Test
  void of_quotaBelowTheCores_isTheQuota() {
    assertThat(Threads.of(2, OptionalInt.of(32)).count()).isEqualTo(2);
  }

  @Test
  void of_hyperthreads_isOnePerCoreAndSaysHowToTakeAll() {
    Threads threads = Threads.of(16, OptionalInt.of(8));

    assertThat(threads.count()).isEqualTo(8);
    assertThat(threads.toString()).startsWith("8 threads, ").contains("-Ddiffusion4j.threads=16");
  }

  @Test
  void requested_propertyBeforeVariable_countsFirst() {
    Map<String, String> environment = Map.of("OMP_NUM_THREADS", "4,2");

    assertThat(Threads.requested("3", environment).orElseThrow().count()).isEqualTo(3);
    assertThat(Threads.requested(null, environment).orElseThrow().count()).isEqualTo(4);
    assertThat(Threads.requested(null, Map.of())).isEmpty();
    assertThat(Threads.requested(null, Map.of("OMP_NUM_THREADS", "all"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "two", "-1", "", "1.5", "1025", "99999999999"})
  void requested_propertyThatIsNoCount_isRefusedInOneLine(String value) {
    assertThatThrownBy(() -> Threads.requested(value, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "-Ddiffusion4j.threads is \"%s\"; allowed: a whole number from 1 to 1024", value);
  }

  private void processor(int cpu, String siblings, String sharing) throws IOException {
    write(cpu, "topology/thread_siblings_list", siblings);
    write(cpu, "cache/index0/level", "1");
    write(cpu, "cache/index0/shared_cpu_list", sharing);
  }

  private void write(int cpu, String name, String text) throws IOException {
    Path file = cpus.resolve("cpu" + cpu).resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }
}
