package io.github.diffusion4j.onnx;

import io.github.diffusion4j.nn.Plan;
import io.github.diffusion4j.nn.Plan.Exit;

/** Levels of residual blocks with adaptive norms, and filters between them: K blocks. */
final class FilteredLevels implements Levels {
  private final Parts parts;

  FilteredLevels(Parts parts) {
    this.parts = parts;
  }

  @Override
  public Image down(String name, Plan.Level plan, Image x, Flow flow) {
    Image h = x;
    for (int i = 0; i < plan.blocks().size(); i++) {
      h = block(name, i, plan, h);
      flow.leave(h);
    }
    return plan.exit() == Exit.NONE ? h : parts.filters().halveMirrored(name + ".exit", h);
  }

  /** The first block also sees the last result of the way down; the other results are not used. */
  @Override
  public Image up(String name, Plan.Level plan, Image x, Flow flow) {
    Image h = parts.joined(name + ".both", x, flow.take());
    for (int i = 0; i < plan.blocks().size(); i++) {
      h = block(name, i, plan, h);
    }
    for (int unused = 1; unused < plan.blocks().size(); unused++) {
      flow.take();
    }
    return plan.exit() == Exit.NONE ? h : parts.filters().twiceMirrored(name + ".exit", h);
  }

  private Image block(String name, int index, Plan.Level plan, Image x) {
    return parts.residuals().adaptive(name + ".resnets." + index, x, plan.blocks().get(index));
  }
}
