package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reading of weights from a file of 64 MiB that the operating system has in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SafetensorsBenchmark {
  private static final int TENSORS = 256;
  private static final int NUMBERS = 1 << 16;

  private Path file;

  /** Writes the file. */
  @Setup
  public void write() throws IOException {
    file = Files.createTempFile("benchmark", ".safetensors");
    try (io.github.diffusion4j.torch.Scope scope = io.github.diffusion4j.torch.Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (int i = 0; i < TENSORS; i++) {
        tensors.put("layer." + i + ".weight", Seed.of(i).normal(NUMBERS));
      }
      Safetensors.write(file, tensors, Map.of());
    }
  }

  /** All 256 tensors. */
  @Benchmark
  public int read() throws IOException {
    try (io.github.diffusion4j.torch.Scope scope = io.github.diffusion4j.torch.Scope.open()) {
      return Safetensors.read(file).size();
    }
  }

  /** Only names, types and shapes. */
  @Benchmark
  public Safetensors.Header header() throws IOException {
    return Safetensors.readHeader(file);
  }

  /** Deletes the file. */
  @TearDown
  public void delete() throws IOException {
    Files.delete(file);
  }
}
