package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.NoGrad;
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
import org.openjdk.jmh.annotations.Warmup;

/** What the layout of activations in memory costs: see docs/decisions/0007. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LayoutBenchmark {
  private static final int GROUPS = 8;
  private static final double EPS = 1e-5;

  /** How activations and kernels lie in memory. */
  public enum Layout {
    /** As they are written, [N, C, H, W]. */
    ROWS {
      @Override
      Tensor of(Tensor images) {
        return images;
      }
    },
    /** The channels of a pixel beside each other. */
    CHANNELS_LAST {
      @Override
      Tensor of(Tensor images) {
        return images.channelsLast();
      }
    };

    abstract Tensor of(Tensor images);
  }

  /** The layout. */
  @Param({"ROWS", "CHANNELS_LAST"})
  public Layout layout = Layout.ROWS;

  /** Images, channels, and pixels of a side. */
  @Param({"64x16x28", "64x32x28", "64x64x14", "16x128x16", "8x256x8"})
  public String shape = "64x16x28";

  private Tensor x;
  private Tensor kernel;
  private Tensor bias;
  private Tensor scale;

  /** Makes activations and parameters, which live as long as the process. */
  @Setup
  public void start() {
    String[] extents = shape.split("x", -1);
    int channels = Integer.parseInt(extents[1]);
    int size = Integer.parseInt(extents[2]);
    Tensor noise = Seed.of(1).normal(Integer.parseInt(extents[0]), channels, size, size);
    x = layout.of(noise).outlivingScopes();
    Tensor small = Seed.of(2).normal(channels, channels, 3, 3).times(0.05);
    kernel = layout.of(small).trainable().outlivingScopes();
    bias = Tensor.zeros(channels).trainable().outlivingScopes();
    scale = Tensor.full(1, channels).trainable().outlivingScopes();
  }

  /** Group normalization, forward. */
  @Benchmark
  public long norm() {
    try (io.github.diffusion4j.torch.Scope scope = io.github.diffusion4j.torch.Scope.open();
        NoGrad off = NoGrad.open()) {
      return Functions.groupNorm(x, GROUPS, scale, bias, EPS).numel();
    }
  }

  /** Two of norm, activation and convolution, as in a residual block, forward and backward. */
  @Benchmark
  public double block() {
    try (io.github.diffusion4j.torch.Scope scope = io.github.diffusion4j.torch.Scope.open()) {
      Tensor y = x;
      for (int i = 0; i < 2; i++) {
        Tensor activated = Functions.silu(Functions.groupNorm(y, GROUPS, scale, bias, EPS));
        y = Functions.conv2d(activated, kernel, bias, 1, 1);
      }
      Tensor loss = y.square().mean();
      loss.backward();
      return loss.item();
    }
  }
}
