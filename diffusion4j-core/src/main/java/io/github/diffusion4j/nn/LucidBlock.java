package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.UnaryOperator;

/** A 3x3 convolution, a norm and an activation; the time may scale and shift in front of it. */
final class LucidBlock extends Layer {
  private static final double STABILIZER = 1e-5;

  private final UnaryOperator<Tensor> convolution;
  private final UnaryOperator<Tensor> norm;

  LucidBlock(int in, int out, LucidLayerConfig config) {
    convolution =
        switch (config.generation()) {
          case STANDARDIZED -> child("proj", new StandardizedConv2d(in, out))::forward;
          case GROUPED, ROOT_MEAN_SQUARE ->
              child("proj", Conv2d.same(in, out, Start.TORCH))::forward;
        };
    norm =
        switch (config.generation()) {
          case STANDARDIZED, GROUPED ->
              child("norm", new GroupNorm(out, config.groups(), STABILIZER))::forward;
          case ROOT_MEAN_SQUARE -> child("norm", new ChannelNorm.RootMeanSquare(out))::forward;
        };
  }

  /** Returns [N, out, H, W] for [N, in, H, W]. */
  Tensor forward(Tensor x) {
    return Functions.silu(norm.apply(convolution.apply(x)));
  }

  /**
   * The same, scaled by 1 + the first and shifted by the second half of {@code told} [N, 2 out].
   */
  Tensor forward(Tensor x, Tensor told) {
    long channels = told.size(1) / 2;
    Tensor scaleAndShift = told.reshape(told.size(0), told.size(1), 1, 1);
    Tensor scale = scaleAndShift.narrow(1, 0, channels).plus(1);
    Tensor shift = scaleAndShift.narrow(1, channels, channels);
    return Functions.silu(norm.apply(convolution.apply(x)).times(scale).plus(shift));
  }
}
