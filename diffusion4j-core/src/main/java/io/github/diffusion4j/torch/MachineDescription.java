package io.github.diffusion4j.torch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that decides which native kernels run and how, as text: the processor with the caches
 * and the topology that it shows, the versions of the libraries, the instruction set in force, the
 * environment, and the number of threads. What is not shown is part of the description too.
 */
final class MachineDescription {
  private static final List<String> PROCESSOR =
      List.of(
          "vendor_id",
          "cpu family",
          "model",
          "model name",
          "stepping",
          "microcode",
          "cache size",
          "siblings",
          "cpu cores",
          "cpuid level",
          "flags",
          "bugs",
          "CPU implementer",
          "CPU part",
          "Features");

  private static final List<String> CACHE =
      List.of(
          "level",
          "type",
          "size",
          "coherency_line_size",
          "ways_of_associativity",
          "number_of_sets",
          "shared_cpu_list");

  private static final List<String> TOPOLOGY =
      List.of("thread_siblings_list", "core_siblings_list", "core_id", "physical_package_id");

  /** Variables with these beginnings are read by libtorch or what it is built on. */
  private static final List<String> PREFIXES =
      List.of(
          "ONEDNN_",
          "DNNL_",
          "ATEN_",
          "TORCH_",
          "OMP_",
          "GOMP_",
          "KMP_",
          "OPENBLAS_",
          "MKL_",
          "MALLOC_",
          "GLIBC_TUNABLES",
          "LD_PRELOAD",
          "PROCESSOR_");

  private final SortedMap<String, String> values = new TreeMap<>();

  private MachineDescription() {}

  /**
   * Describes a machine.
   *
   * @param root the folder that has {@code proc} and {@code sys}; elsewhere than on Linux they are
   *     missing, and the other values have to do
   * @param engine versions, instruction set and number of threads
   */
  static String of(Path root, Map<String, String> environment, Map<String, String> engine) {
    MachineDescription description = new MachineDescription();
    description.values.putAll(engine);
    description.values.put(
        "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    description.processor(root.resolve("proc/cpuinfo"));
    Path cpu = root.resolve("sys/devices/system/cpu/cpu0");
    description.files("topology", cpu.resolve("topology"), TOPOLOGY);
    description.caches(cpu.resolve("cache"));
    environment.forEach(
        (name, value) -> {
          if (PREFIXES.stream().anyMatch(name::startsWith)) {
            description.values.put("environment " + name, value);
          }
        });
    return description.values.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue().replaceAll("\\R", " ") + "\n")
        .collect(Collectors.joining());
  }

  /** Reads the first processor; the others differ in number and clock only. */
  private void processor(Path cpuinfo) {
    for (String line : (Iterable<String>) Threads.text(cpuinfo).lines()::iterator) {
      if (line.isBlank()) {
        return;
      }
      String[] pair = line.split(":", 2);
      if (PROCESSOR.contains(pair[0].strip())) {
        values.put("processor " + pair[0].strip(), pair[pair.length - 1].strip());
      }
    }
  }

  private void caches(Path folder) {
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(folder, "index*")) {
      for (Path cache : caches) {
        files("cache " + cache.getFileName(), cache, CACHE);
      }
    } catch (IOException e) {
      values.put("cache", "not shown");
    }
  }

  private void files(String prefix, Path folder, List<String> names) {
    for (String name : names) {
      values.put(prefix + " " + name, Threads.text(folder.resolve(name)));
    }
  }
}
