package io.github.diffusion4j.onnx;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.nn.Plan;
import io.github.diffusion4j.nn.Plan.Channels;
import io.github.diffusion4j.nn.Plan.Exit;
import io.github.diffusion4j.onnx.Residuals.Resolution;

/** Levels of residual blocks, each followed by attention where there is any, as DDPM has. */
final class OrdinaryLevels implements Levels {
  private final Parts parts;
  private final LayerConfig config;

  OrdinaryLevels(Parts parts, LayerConfig config) {
    this.parts = parts;
    this.config = config;
  }

  @Override
  public Image down(String name, Plan.Level plan, Image x, Flow flow) {
    Image h = x;
    for (int i = 0; i < plan.blocks().size(); i++) {
      h = block(name, i, plan, h);
      flow.leave(h);
    }
    if (plan.exit() != Exit.NONE) {
      h = halved(name + ".downsamplers.0", plan.exit(), h);
      flow.leave(h);
    }
    return h;
  }

  @Override
  public Image up(String name, Plan.Level plan, Image x, Flow flow) {
    Image h = x;
    for (int i = 0; i < plan.blocks().size(); i++) {
      h = block(name, i, plan, parts.joined(name + ".both." + i, h, flow.take()));
    }
    return plan.exit() == Exit.NONE ? h : doubled(name + ".upsamplers.0", plan.exit(), h);
  }

  private Image block(String name, int index, Plan.Level plan, Image x) {
    Channels channels = plan.blocks().get(index);
    String layer = name + ".resnets." + index;
    Image h = parts.residuals().block(layer, x, channels, Resolution.KEEP, 1);
    return plan.attentions() > 0
        ? parts.attentions().attention(name + ".attentions." + index, h)
        : h;
  }

  private Image halved(String layer, Exit exit, Image h) {
    return exit == Exit.RESIDUAL
        ? resampled(layer, h, Resolution.HALVE)
        : new Image(parts.layers().downsample(layer + ".conv", h.name()), h.channels());
  }

  private Image doubled(String layer, Exit exit, Image h) {
    return exit == Exit.RESIDUAL
        ? resampled(layer, h, Resolution.DOUBLE)
        : new Image(parts.doubling().convolution(layer + ".conv", h.name()), h.channels());
  }

  private Image resampled(String layer, Image h, Resolution resolution) {
    Channels same = Channels.through(h.channels(), config);
    return parts.residuals().block(layer, h, same, resolution, 1);
  }
}
