package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LayerConfig.Downsampling;
import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.ForwardPass;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.onnx.OnnxEngine;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;
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

/** One forward pass of a batch, by either engine. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ForwardPassBenchmark {
  /** What is evaluated. */
  public enum Shape {
    /** The quickstart's network. */
    DIGITS {
      @Override
      UNetConfig config() {
        return Presets.load("digits-quickstart").unet();
      }
    },
    /** 1.1 million parameters, with attention in the lowest level. */
    SMALL28 {
      @Override
      UNetConfig config() {
        LayerConfig layers =
            new LayerConfig(
                8,
                1e-5,
                0,
                Optional.empty(),
                Downsampling.SYMMETRIC,
                TimeEmbeddingConfig.DEFAULT,
                Initialization.TORCH);
        return new UNetConfig(
            1,
            32,
            List.of(32, 64, 64),
            List.of(BlockKind.RESIDUAL, BlockKind.RESIDUAL, BlockKind.ATTENTION),
            1,
            layers,
            Optional.empty());
      }
    };

    abstract UNetConfig config();
  }

  /** Who evaluates it. */
  public enum By {
    /** The library's own network. */
    TORCH,
    /** ONNX Runtime. */
    ONNX
  }

  /** The network. */
  @Param({"DIGITS", "SMALL28"})
  public Shape shape = Shape.DIGITS;

  /** The engine. */
  @Param({"TORCH", "ONNX"})
  public By by = By.TORCH;

  /** Images at once. */
  @Param({"1", "16", "64"})
  public int images;

  private UNet network;
  private OnnxEngine engine;
  private ForwardPass pass;
  private float[] noise;

  /** Makes an untrained network; weights do not change the time. */
  @Setup
  public void start() {
    network = new UNet(shape.config(), Seed.of(0));
    engine = OnnxEngine.of(network);
    pass =
        switch (by) {
          case TORCH -> (x, time, labels) -> network.forward(x, time, labels, Dropout.NONE);
          case ONNX -> engine;
        };
    try (io.github.diffusion4j.torch.Scope scope = io.github.diffusion4j.torch.Scope.open()) {
      int size = network.config().size();
      noise = Seed.of(1).normal(images, 1, size, size).toFloats();
    }
  }

  /** The answer for the whole batch, as a sampler asks for it. */
  @Benchmark
  public double forward() {
    try (io.github.diffusion4j.torch.Scope scope = io.github.diffusion4j.torch.Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      int size = network.config().size();
      Tensor x = Tensor.of(noise, images, 1, size, size);
      Tensor answer = pass.forward(x, Tensor.full(500, images), Optional.empty());
      return answer.select(0, 0).mean().item();
    }
  }

  /** Frees the network and the engine. */
  @TearDown
  public void stop() {
    engine.close();
    network.close();
  }
}
