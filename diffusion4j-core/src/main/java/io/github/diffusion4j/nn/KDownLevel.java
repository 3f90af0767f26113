package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;

/** A level on the way down that leaves its results, then halves the resolution with a filter. */
final class KDownLevel extends KLevel {
  private final Plan.Exit exit;

  KDownLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    super(plan, timeWidth, config);
    exit = plan.exit();
  }

  @Override
  Tensor forward(Tensor x, Pass pass) {
    Tensor h = x;
    for (int i = 0; i < blocks(); i++) {
      h = block(i, h, pass);
      pass.leave(h);
    }
    return exit == Plan.Exit.NONE ? h : Fir.halve(Functions.padMirrored(h, 1), 0);
  }
}
