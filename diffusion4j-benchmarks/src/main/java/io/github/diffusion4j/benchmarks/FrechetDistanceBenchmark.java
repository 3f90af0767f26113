package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.evaluation.FrechetDistance;
import io.github.diffusion4j.evaluation.GaussianStatistics;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The distance of two sets of samples. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FrechetDistanceBenchmark {
  /** How many samples each set has. */
  @Param("1024")
  public int samples;

  /** The dimension of the features. */
  @Param({"128", "512"})
  public int dimension;

  private Tensor first;
  private Tensor second;

  /** Draws the features. */
  @Setup
  public void draw() {
    first = Seed.of(1).normal(samples, dimension).outlivingScopes();
    second = Seed.of(2).normal(samples, dimension).outlivingScopes();
  }

  /** Means and covariances of both sets, and the distance. */
  @Benchmark
  public double fromFeatures() {
    try (io.github.diffusion4j.torch.Scope scope = io.github.diffusion4j.torch.Scope.open()) {
      return FrechetDistance.between(GaussianStatistics.of(first), GaussianStatistics.of(second));
    }
  }

  /** Frees the features. */
  @TearDown
  public void free() {
    first.close();
    second.close();
  }
}
