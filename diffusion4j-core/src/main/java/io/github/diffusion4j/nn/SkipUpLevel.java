package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;

/** A level on the way up that adds to an answer, which grows with the resolution. */
final class SkipUpLevel extends SkipLevel {
  /** What a level with another one above it has. */
  private record Exit(ResidualBlock upsample, GroupNorm norm, Conv2d toAnswer) {}

  private final Optional<Exit> exit;

  SkipUpLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    super(plan, timeWidth, config);
    exit =
        plan.exit() == Plan.Exit.NONE
            ? Optional.empty()
            : Optional.of(exit(plan, timeWidth, config));
  }

  private Exit exit(Plan.Level plan, int timeWidth, LayerConfig config) {
    int width = plan.width();
    ResidualBlock upsample =
        resampler("resnet_up", plan, timeWidth, config, Resolution.DOUBLE_AND_FILTER);
    Conv2d toAnswer =
        child("skip_conv", Conv2d.same(width, IMAGE, Start.ordinary(config.initialization())));
    int groups = LayerConfig.groupsByWidth(width);
    return new Exit(
        upsample, child("skip_norm", new GroupNorm(width, groups, config.stabilizer())), toAnswer);
  }

  /** Returns what enters the next level, after taking one result for each block. */
  @Override
  Tensor forward(Tensor x, Pass pass) {
    Tensor h = x;
    for (int i = 0; i < blocks(); i++) {
      h = residual(i, Tensor.cat(List.of(h, pass.take()), 1), pass);
    }
    h = attended(0, h);
    Optional<Tensor> grown = pass.answer().map(Resolution.DOUBLE_AND_FILTER::apply);
    if (exit.isEmpty()) {
      pass.answerWith(grown);
      return h;
    }
    Tensor normal = exit.get().norm().forward(h);
    Tensor own = exit.get().toAnswer().forward(Functions.silu(normal));
    pass.answerWith(Optional.of(grown.map(own::plus).orElse(own)));
    return exit.get().upsample().forward(h, pass.time(), pass.dropout());
  }
}
