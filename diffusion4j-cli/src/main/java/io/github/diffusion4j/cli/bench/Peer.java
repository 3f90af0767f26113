package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The program in Python that does the same.
 *
 * @param python the command that starts Python
 * @param scripts the folder of its program
 * @param modes the ways in which it runs a network
 * @param threads how many threads it may use
 * @param warmUpSeconds how long it warms up
 */
record Peer(String python, Path scripts, List<String> modes, int threads, double warmUpSeconds) {
  /** All ways that compute with the same precision as we do. */
  static final List<String> MODES =
      List.of("eager", "channels-last-eager", "compiled", "channels-last-compiled");

  private static final double TOLERANCE = 1e-4;

  /** What our launcher sets for our own sake; a user of Python would not have it. */
  private static final List<String> LAUNCHER_VARIABLES =
      List.of(
          "GOMP_SPINCOUNT",
          "GLIBC_TUNABLES",
          "MALLOC_ARENA_MAX",
          "MALLOC_TOP_PAD_",
          "MALLOC_TRIM_THRESHOLD_",
          "MALLOC_MMAP_THRESHOLD_",
          "OPENBLAS_CORETYPE",
          "OPENBLAS_NUM_THREADS",
          "THP_MEM_ALLOC_ENABLE",
          "LD_PRELOAD");

  /**
   * Returns the folder of the peer's program in the repository that {@code inside} is in.
   *
   * @throws UserException if there is none
   */
  static Path scripts(Path inside) {
    for (Path folder = inside.toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path scripts = folder.resolve("benchmarks").resolve("peer");
      if (Files.isRegularFile(scripts.resolve("peer.py"))) {
        return scripts;
      }
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "--peer needs benchmarks/peer/peer.py, which is not above %s; run it from the repository",
            inside.toAbsolutePath()));
  }

  /** Returns a process that takes commands. */
  WorkerProcess worker() throws IOException {
    return WorkerProcess.start(
        script("peer.py", List.of(Integer.toString(threads), Double.toString(warmUpSeconds))));
  }

  /**
   * Returns the versions of PyTorch and Python.
   *
   * @throws IOException if there is no Python, or it has no PyTorch
   */
  String version() throws IOException {
    try (WorkerProcess worker = worker()) {
      return worker.ask("version").path("version").asString("unknown");
    } catch (IOException e) {
      throw new IOException(
          String.format(Locale.ROOT, "--peer is %s: %s", python, e.getMessage()), e);
    }
  }

  /** Returns the command for one of the programs. */
  ProcessBuilder script(String name, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(python, scripts.resolve(name).toString()));
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command);
    Map<String, String> environment = process.environment();
    LAUNCHER_VARIABLES.forEach(environment::remove);
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    return process;
  }

  /**
   * Makes sure that the peer computes what we do.
   *
   * @throws IOException if its answer, its loss or its gradient is another
   */
  void check(Path folder) throws IOException {
    try (WorkerProcess worker = worker()) {
      JsonNode differences = worker.ask("check", folder.toString(), modes.get(0));
      for (String what : List.of("answer", "loss", "gradient_norm")) {
        double difference = differences.path(what).asDouble(Double.NaN);
        if (!(difference < TOLERANCE)) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "the peer's %s differs by %.1e from ours; allowed: less than %.0e",
                  what,
                  difference,
                  TOLERANCE));
        }
      }
    }
  }
}
