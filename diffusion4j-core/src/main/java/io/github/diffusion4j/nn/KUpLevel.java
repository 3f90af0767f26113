package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/**
 * A level on the way up whose first block also sees the last result of the way down; the other
 * results are not used. Then a filter doubles the resolution.
 */
final class KUpLevel extends KLevel {
  private final Plan.Exit exit;

  KUpLevel(Plan.Level plan, int timeWidth, LayerConfig config) {
    super(plan, timeWidth, config);
    exit = plan.exit();
  }

  @Override
  Tensor forward(Tensor x, Pass pass) {
    Tensor h = Tensor.cat(List.of(x, pass.take()), 1);
    for (int i = 0; i < blocks(); i++) {
      h = block(i, h, pass);
    }
    for (int unused = 1; unused < blocks(); unused++) {
      pass.take();
    }
    return exit == Plan.Exit.NONE ? h : Fir.twice(Functions.padMirrored(h, 1), 3);
  }
}
