package io.github.diffusion4j.onnx;

import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.nn.Plan;
import io.github.diffusion4j.nn.Plan.Channels;
import io.github.diffusion4j.nn.Plan.Exit;
import io.github.diffusion4j.onnx.Residuals.Resolution;
import java.util.Optional;
import java.util.OptionalInt;

/** Levels with a small image beside them, as NCSN++ has: the input going down, the answer up. */
final class SkipLevels implements Levels {
  private static final int IMAGE = 3; // channels, fixed in diffusers
  private static final int ATTENTION_GROUPS = 32;
  private static final double SCALE = Math.sqrt(2);

  private final Parts parts;

  SkipLevels(Parts parts) {
    this.parts = parts;
  }

  @Override
  public Image down(String name, Plan.Level plan, Image x, Flow flow) {
    Image h = x;
    for (int i = 0; i < plan.blocks().size(); i++) {
      h = residual(name, i, plan, h);
      if (plan.attentions() > 0) {
        h = attended(name, i, h);
      }
      flow.leave(h);
    }
    if (plan.exit() == Exit.NONE) {
      return h;
    }
    h = resampled(name + ".resnet_down", h, Resolution.FILTER_AND_HALVE);
    flow.shrinkTo(parts.filters().halve(name + ".input", flow.input()));
    String seen = parts.layers().pointwise(name + ".skip_conv", flow.input().name());
    h = new Image(parts.layers().sum(name + ".seen", seen, h.name()), h.channels());
    flow.leave(h);
    return h;
  }

  @Override
  public Image up(String name, Plan.Level plan, Image x, Flow flow) {
    Image h = x;
    for (int i = 0; i < plan.blocks().size(); i++) {
      h = residual(name, i, plan, parts.joined(name + ".both." + i, h, flow.take()));
    }
    if (plan.attentions() > 0) {
      h = attended(name, 0, h);
    }
    Optional<Image> grown = flow.answer().map(x0 -> parts.filters().twice(name + ".grown", x0));
    if (plan.exit() == Exit.NONE) {
      flow.answerWith(grown);
      return h;
    }
    flow.answerWith(Optional.of(answer(name, h, grown)));
    return resampled(name + ".resnet_up", h, Resolution.DOUBLE_AND_FILTER);
  }

  private Image answer(String name, Image h, Optional<Image> grown) {
    Layers layers = parts.layers();
    int groups = LayerConfig.groupsByWidth(h.channels());
    String active =
        layers.silu(name + ".skip_act", layers.groupNorm(name + ".skip_norm", h, groups));
    String own = layers.convolution(name + ".skip_conv", active);
    return grown
        .map(old -> new Image(layers.sum(name + ".answer", own, old.name()), old.channels()))
        .orElse(new Image(own, IMAGE));
  }

  private Image residual(String name, int index, Plan.Level plan, Image x) {
    String layer = name + ".resnets." + index;
    Channels channels = plan.blocks().get(index);
    return parts.residuals().block(layer, x, channels, Resolution.KEEP, SCALE);
  }

  private Image attended(String name, int index, Image h) {
    String layer = name + ".attentions." + index;
    return parts.attentions().attention(layer, h, OptionalInt.of(ATTENTION_GROUPS), SCALE);
  }

  private Image resampled(String layer, Image h, Resolution resolution) {
    Channels same = Channels.byWidth(h.channels(), h.channels());
    return parts.residuals().block(layer, h, same, resolution, SCALE);
  }
}
