package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verdict holds for one description; whatever could change it has to change the description. */
class MachineDescriptionTest {
  private static final Map<String, String> ENGINE = Map.of("libtorch", "2.13.0", "threads", "2");
  private static final String CPU = "sys/devices/system/cpu/cpu0/";

  @TempDir private Path root;

  @BeforeEach
  void makeMachine() throws IOException {
    write(
        "proc/cpuinfo",
        """
        processor\t: 0
        model name\t: A 9
        cpu MHz\t\t: 2000.1
        flags\t\t: avx2

        processor\t: 1
        model name\t: A 9
        """);
    write(CPU + "topology/thread_siblings_list", "0");
    write(CPU + "cache/index0/level", "1");
    write(CPU + "cache/index0/size", "32K");
  }

  @Test
  void sameMachine_clockAside_isDescribedAlike() throws IOException {
    String before = describe(Map.of("HOME", "/a"));
    write("proc/cpuinfo", Files.readString(root.resolve("proc/cpuinfo")).replace("2000.1", "2600"));

    assertThat(describe(Map.of("HOME", "/b"))).isEqualTo(before).contains("A 9", "avx2", "32K");
  }

  @Test
  void hiddenCaches_areAnotherMachine() throws IOException {
    String before = describe(Map.of());
    Files.delete(root.resolve(CPU + "cache/index0/level"));
    Files.delete(root.resolve(CPU + "cache/index0/size"));
    Files.delete(root.resolve(CPU + "cache/index0"));
    Files.delete(root.resolve(CPU + "cache"));

    assertThat(describe(Map.of())).isNotEqualTo(before).contains("cache: not shown");
  }

  @Test
  void otherFlagsOrTopology_areAnotherMachine() throws IOException {
    String before = describe(Map.of());
    write(CPU + "topology/thread_siblings_list", "0-1");
    String siblings = describe(Map.of());
    write("proc/cpuinfo", "model name\t: A 9\nflags\t: avx2 avx512f\n");

    assertThat(siblings).isNotEqualTo(before);
    assertThat(describe(Map.of())).isNotEqualTo(siblings);
  }

  @Test
  void instructionSetOfTheEnvironment_isAnotherMachine() {
    assertThat(describe(Map.of("ONEDNN_MAX_CPU_ISA", "AVX2"))).isNotEqualTo(describe(Map.of()));
  }

  @Test
  void otherLibraryOrThreads_areAnotherMachine() {
    String other =
        MachineDescription.of(root, Map.of(), Map.of("libtorch", "2.13.0", "threads", "1"));

    assertThat(other).isNotEqualTo(describe(Map.of()));
  }

  @Test
  void systemWithoutSuchFiles_isDescribedByTheRest() {
    String text = MachineDescription.of(root.resolve("none"), Map.of(), ENGINE);

    assertThat(text).contains("libtorch: 2.13.0", "cache: not shown", "system: ");
  }

  private String describe(Map<String, String> environment) {
    return MachineDescription.of(root, environment, ENGINE);
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
