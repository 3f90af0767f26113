package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** A level on the way down that, when it has halved the resolution, looks at the input again. */
final class SkipDownLevel extends SkipLevel {
  private final Optional<ResidualBlock> downsample;
  private final Optional<Conv2d> fromInput;

  SkipDownLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    super(plan, timeWidth, config);
    if (plan.exit() == Plan.Exit.NONE) {
      downsample = Optional.empty();
      fromInput = Optional.empty();
    } else {
      Start start = Start.ordinary(config.initialization());
      downsample =
          Optional.of(
              resampler("resnet_down", plan, timeWidth, config, Resolution.FILTER_AND_HALVE));
      fromInput = Optional.of(child("skip_conv", new Conv2d(IMAGE, plan.width(), 1, 1, 0, start)));
    }
  }

  /** Returns what enters the next level, after leaving all results and a smaller input. */
  @Override
  Tensor forward(Tensor x, Pass pass) {
    Tensor h = x;
    for (int i = 0; i < blocks(); i++) {
      h = attended(i, residual(i, h, pass));
      pass.leave(h);
    }
    if (downsample.isEmpty()) {
      return h;
    }
    h = downsample.get().forward(h, pass.time(), pass.dropout());
    pass.shrinkTo(Resolution.FILTER_AND_HALVE.apply(pass.input()));
    h = fromInput.orElseThrow().forward(pass.input()).plus(h);
    pass.leave(h);
    return h;
  }
}
