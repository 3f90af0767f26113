package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/** Two residual blocks and an attention at one resolution, and the way to the next one. */
final class LucidLevel extends Layer {
  private final LucidResidualBlock first;
  private final LucidResidualBlock second;
  private final LucidAttention attention;
  private final UnaryOperator<Tensor> exit;

  /** Which way through the network a level lies on, and whether another one follows. */
  enum Place {
    DOWN,
    LOWEST,
    UP,
    LAST
  }

  /**
   * Makes a level.
   *
   * @param in channels of its blocks
   * @param skipped channels that come over from the way down, to each block
   * @param out channels behind it
   */
  LucidLevel(
      int in,
      int skipped,
      int out,
      int timeWidth,
      Place place,
      LucidLevelConfig level,
      LucidLayerConfig layers) {
    first = child("0", new LucidResidualBlock(in + skipped, in, timeWidth, layers));
    second = child("1", new LucidResidualBlock(in + skipped, in, timeWidth, layers));
    attention = child("2", LucidAttention.of(in, level, layers));
    exit =
        switch (place) {
          case DOWN -> {
            Conv2d conv = child("3.1", new Conv2d(4 * in, out, 1, 1, 0, Start.TORCH));
            yield x -> conv.forward(Functions.pixelUnshuffle(x));
          }
          case UP -> {
            Conv2d conv = child("3.1", Conv2d.same(in, out, Start.TORCH));
            yield conv::forwardDoubled;
          }
          case LOWEST, LAST -> child("3", Conv2d.same(in, out, Start.TORCH))::forward;
        };
  }

  /** Returns [N, out, H', W'] for [N, in, H, W]; what the way up needs goes to {@code skips}. */
  Tensor down(Tensor x, Tensor time, Dropout dropout, Deque<Tensor> skips) {
    Tensor h = first.forward(x, time, dropout);
    skips.push(h);
    h = attention.forward(second.forward(h, time, dropout));
    skips.push(h);
    return exit.apply(h);
  }

  /** Returns [N, out, H', W'] for [N, in, H, W] and two of {@code skips}. */
  Tensor up(Tensor x, Tensor time, Dropout dropout, Deque<Tensor> skips) {
    Tensor h = first.forward(Tensor.cat(List.of(x, skips.pop()), 1), time, dropout);
    h = second.forward(Tensor.cat(List.of(h, skips.pop()), 1), time, dropout);
    return exit.apply(attention.forward(h));
  }
}
