package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A level on the way up: each block also sees what the way down left, then resolution doubles. */
final class UpLevel extends Level {
  private final Optional<Resampler> upsample;

  UpLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    super(plan, timeWidth, config);
    upsample =
        switch (plan.exit()) {
          case CONVOLUTION ->
              Optional.of(child("upsamplers.0", new Upsample(plan.width(), config)));
          case RESIDUAL -> {
            ResidualBlock block =
                new ResidualBlock(
                    plan.width(), plan.width(), timeWidth, config, Resolution.DOUBLE, 1);
            yield Optional.of(child("upsamplers.0", block));
          }
          case NONE -> Optional.empty();
        };
  }

  /** Returns what enters the next level, after taking one of {@code skips} for each block. */
  Tensor forward(Tensor x, Tensor time, Dropout dropout, Deque<Tensor> skips) {
    Tensor h = x;
    for (int i = 0; i < blocks(); i++) {
      h = block(i, Tensor.cat(List.of(h, skips.pop()), 1), time, dropout);
    }
    return upsample.isPresent() ? upsample.get().forward(h, time, dropout) : h;
  }
}
