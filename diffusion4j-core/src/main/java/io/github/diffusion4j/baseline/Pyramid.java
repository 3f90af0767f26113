package io.github.diffusion4j.baseline;

import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.nn.Conv2d;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.Start;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/** From an image to features of it at each resolution. */
final class Pyramid extends Layer {
  private final Conv2d entry;
  private final List<Block> blocks = new ArrayList<>();
  private final List<Conv2d> halvings = new ArrayList<>();

  Pyramid(FamilyConfig config) {
    List<Integer> widths = config.widths();
    entry = child("conv_in", Conv2d.same(config.channels(), widths.get(0), Start.TORCH));
    for (int i = 0; i < widths.size(); i++) {
      blocks.add(child("blocks." + i, new Block(widths.get(i))));
      if (i + 1 < widths.size()) {
        halvings.add(
            child(
                "halvings." + i,
                new Conv2d(widths.get(i), widths.get(i + 1), 3, 2, 1, Start.TORCH)));
      }
    }
  }

  /** Returns features [N, widths(i), H / 2ⁱ, W / 2ⁱ] of images [N, C, H, W] in [−1, 1]. */
  List<Tensor> forward(Tensor x) {
    List<Tensor> features = new ArrayList<>();
    Tensor h = entry.forward(x);
    for (int i = 0; i < blocks.size(); i++) {
      h = blocks.get(i).forward(h);
      features.add(h);
      if (i < halvings.size()) {
        h = halvings.get(i).forward(h);
      }
    }
    return features;
  }
}
