package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Making a schedule and shortening it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class ScheduleBenchmark {
  private static final int STEPS = 1000;

  /** A cosine schedule of 1000 steps. */
  @Benchmark
  public NoiseSchedule cosine() {
    return CosineSchedule.of(STEPS);
  }

  /** The same, shortened to 50 steps. */
  @Benchmark
  public NoiseSchedule shortened() {
    return CosineSchedule.of(STEPS).shortenedTo(SubSequence.trailing(STEPS, 50));
  }
}
