package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.SampleRequest;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Seed;
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

/** Reverse steps of the quickstart's network on 64 images. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class SamplerStepBenchmark {
  private static final SamplingConfig TEN_STEPS =
      new SamplingConfig(SamplingConfig.Sampler.DDPM, 10, 0, SamplingConfig.Spacing.TRAILING);

  private DiffusionModel model;

  /** Makes an untrained network; weights do not change the time. */
  @Setup
  public void start() {
    ExperimentConfig config = Presets.load("digits-quickstart");
    model = new DiffusionModel(Network.of(config.model(), Seed.of(0)), config.process());
  }

  /** Ten steps of ancestral sampling. */
  @Benchmark
  public long tenSteps() {
    try (io.github.diffusion4j.torch.Scope scope = io.github.diffusion4j.torch.Scope.open()) {
      return model.sample(SampleRequest.of(64), TEN_STEPS, SamplingListener.NONE).numel();
    }
  }

  /** Frees the network. */
  @TearDown
  public void stop() {
    model.close();
  }
}
