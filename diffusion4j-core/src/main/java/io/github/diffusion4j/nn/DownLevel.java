package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** A level on the way down: it leaves its results for the way up, then halves the resolution. */
final class DownLevel extends OrdinaryLevel {
  private final Optional<Resampler> downsample;

  DownLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    super(plan, timeWidth, config);
    downsample =
        switch (plan.exit()) {
          case CONVOLUTION ->
              Optional.of(child("downsamplers.0", new Downsample(plan.width(), config)));
          case RESIDUAL -> {
            Plan.Channels channels = Plan.Channels.through(plan.width(), config);
            yield Optional.of(
                child(
                    "downsamplers.0",
                    new ResidualBlock(channels, timeWidth, config, Resolution.HALVE, 1)));
          }
          case NONE -> Optional.empty();
          case FILTERED_RESIDUAL, FILTER -> throw new AssertionError(plan);
        };
  }

  /** Returns what enters the next level, after leaving all results. */
  @Override
  Tensor forward(Tensor x, Pass pass) {
    Tensor h = x;
    for (int i = 0; i < blocks(); i++) {
      h = block(i, h, pass);
      pass.leave(h);
    }
    if (downsample.isPresent()) {
      h = downsample.get().forward(h, pass.time(), pass.dropout());
      pass.leave(h);
    }
    return h;
  }
}
