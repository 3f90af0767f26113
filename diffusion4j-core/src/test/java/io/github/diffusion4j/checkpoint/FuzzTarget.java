package io.github.diffusion4j.checkpoint;

import com.sun.management.ThreadMXBean;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads a folder through every public entry and complains unless each either answers or refuses as
 * documented, with one line, no native object left over, and memory within the allowance.
 */
final class FuzzTarget {
  private static final int LONGEST_MESSAGE = 2000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private FuzzTarget() {}

  /** What an entry makes of a path; how many bytes of elements came of it. */
  private interface Entry {
    long read(Path path) throws IOException;
  }

  /**
   * How it went.
   *
   * @param accepted whether the weights were read, of the first file or of the folder
   * @param memory the most that one entry allocated on the heap, garbage included, with the
   *     elements that it returned, in bytes
   * @param allowed what it may hold at one time, in bytes
   */
  record Result(boolean accepted, long memory, long allowed) {
    /** Returns whether more was allocated in all than may be held at one time. */
    boolean suspect() {
      return memory > allowed;
    }
  }

  /** Reads {@code folder}; whatever is wrong is an {@link AssertionError}. */
  static Result read(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> children = Files.list(folder)) {
      files = children.sorted().toList();
    }
    long size = 0;
    for (Path file : files) {
      size += Files.size(file);
    }
    List<Long> runs = new ArrayList<>();
    for (Path file : files) {
      if (WeightFiles.isIndex(file) || !file.toString().endsWith(".json")) {
        runs.add(Math.abs(run(FuzzTarget::inspect, file)));
        runs.add(run(FuzzTarget::parts, file));
      }
    }
    runs.add(Math.abs(run(FuzzTarget::inspect, folder)));
    runs.add(run(FuzzTarget::weights, folder));
    return new Result(
        runs.get(1) > 0 || runs.get(runs.size() - 1) > 0,
        runs.stream().mapToLong(Math::abs).max().orElseThrow(),
        Allowance.TIMES * size + Allowance.FIXED);
  }

  private static long inspect(Path path) throws IOException {
    Inspection inspection = Inspection.of(path);
    if (inspection.elements() < 0 || inspection.types().size() > inspection.tensors().size()) {
      throw new AssertionError("an inspection that contradicts itself");
    }
    return 0;
  }

  private static long weights(Path folder) throws IOException {
    return elements(DiffusersPipeline.read(folder).weights());
  }

  /** Reads the dictionaries of tensors inside a PyTorch file one by one; others as they are. */
  private static long parts(Path file) throws IOException {
    if (WeightFiles.isIndex(file) || WeightFiles.isSafetensors(file)) {
      return elements(WeightFiles.read(file, Precision.STORED));
    }
    TorchFile torch = TorchFile.open(file);
    long most = 0;
    for (Map.Entry<String, Object> named : torch.contents().entrySet()) {
      if (named.getValue() instanceof Map<?, ?> map && holdsTensors(map)) {
        try (Scope scope = Scope.open()) {
          most = Math.max(most, elements(torch.load(torch.tensors(named.getKey()))));
        }
      }
    }
    return most;
  }

  private static boolean holdsTensors(Map<?, ?> map) {
    return map.values().stream().anyMatch(StoredTensor.class::isInstance);
  }

  private static long elements(Map<String, Tensor> tensors) {
    return tensors.values().stream()
        .mapToLong(tensor -> tensor.numel() * tensor.type().bytes())
        .sum();
  }

  /** Returns the bytes that were allocated; negative if the entry refused. */
  private static long run(Entry entry, Path path) {
    long objects = Scope.liveObjects();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long elements = 0;
    boolean refused = false;
    try (Scope scope = Scope.open()) {
      elements = entry.read(path);
    } catch (IOException | UserException e) {
      refused = true;
      requireOneLine(e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before + elements;
    if (Scope.liveObjects() != objects) {
      throw new AssertionError(
          "%d native objects more than before".formatted(Scope.liveObjects() - objects));
    }
    return refused ? -allocated : allocated;
  }

  private static void requireOneLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    if (e.getMessage() == null
        || message.length() > LONGEST_MESSAGE
        || message.chars().anyMatch(Character::isISOControl)) {
      throw new AssertionError("a message that is no line", e);
    }
  }
}
