package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.training.Trainer;
import java.io.IOException;
import java.util.List;
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

/** Steps of the quickstart's training: batch, loss, gradient, optimizer, moving average. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TrainingStepBenchmark {
  /** The optimizer. */
  @Param({"muon", "adam"})
  public String optimizer = "muon";

  private Trainer trainer;
  private long wanted;

  /** Starts a training. */
  @Setup
  public void start() throws IOException {
    ExperimentConfig config =
        Overrides.apply(
            Presets.load("digits-quickstart"),
            List.of(
                "--training.optimizer.kind=" + optimizer,
                "--training.budget.maxMinutes=none",
                "--training.budget.maxSteps=1000000"));
    trainer = new Trainer(config, EmbeddedDigits.load());
  }

  /** Ten steps of 64 images, so that starting the loader does not count. */
  @Benchmark
  public long tenSteps() throws IOException {
    wanted += 10;
    trainer.run(() -> trainer.step() >= wanted, report -> {});
    return trainer.step();
  }

  /** Frees the network. */
  @TearDown
  public void stop() {
    trainer.close();
  }
}
