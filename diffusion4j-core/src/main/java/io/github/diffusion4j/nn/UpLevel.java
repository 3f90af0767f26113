package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;

/** A level on the way up: each block also sees what the way down left, then resolution doubles. */
final class UpLevel extends OrdinaryLevel {
  private final Optional<Resampler> upsample;

  UpLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    super(plan, timeWidth, config);
    upsample =
        switch (plan.exit()) {
          case CONVOLUTION ->
              Optional.of(child("upsamplers.0", new Upsample(plan.width(), config)));
          case RESIDUAL -> {
            Plan.Channels channels = Plan.Channels.through(plan.width(), config);
            yield Optional.of(
                child(
                    "upsamplers.0",
                    new ResidualBlock(channels, timeWidth, config, Resolution.DOUBLE, 1)));
          }
          case NONE -> Optional.empty();
          case FILTERED_RESIDUAL, FILTER -> throw new AssertionError(plan);
        };
  }

  /** Returns what enters the next level, after taking one result for each block. */
  @Override
  Tensor forward(Tensor x, Pass pass) {
    Tensor h = x;
    for (int i = 0; i < blocks(); i++) {
      h = block(i, Tensor.cat(List.of(h, pass.take()), 1), pass);
    }
    return upsample.isPresent() ? upsample.get().forward(h, pass.time(), pass.dropout()) : h;
  }
}
