package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.Deque;
import java.util.Optional;

/** A level on the way down: it leaves its results for the way up, then halves the resolution. */
final class DownLevel extends Level {
  private final Optional<Resampler> downsample;

  DownLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    super(plan, timeWidth, config);
    downsample =
        switch (plan.exit()) {
          case CONVOLUTION ->
              Optional.of(child("downsamplers.0", new Downsample(plan.width(), config)));
          case RESIDUAL -> {
            ResidualBlock block =
                new ResidualBlock(
                    plan.width(), plan.width(), timeWidth, config, Resolution.HALVE, 1);
            yield Optional.of(child("downsamplers.0", block));
          }
          case NONE -> Optional.empty();
        };
  }

  /** Returns what enters the next level, after pushing all results on {@code skips}. */
  Tensor forward(Tensor x, Tensor time, Dropout dropout, Deque<Tensor> skips) {
    Tensor h = x;
    for (int i = 0; i < blocks(); i++) {
      h = block(i, h, time, dropout);
      skips.push(h);
    }
    if (downsample.isPresent()) {
      h = downsample.get().forward(h, time, dropout);
      skips.push(h);
    }
    return h;
  }
}
