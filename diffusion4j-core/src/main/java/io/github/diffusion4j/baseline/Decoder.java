package io.github.diffusion4j.baseline;

import static io.github.diffusion4j.config.FamilyConfig.GROUP;

import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.nn.Conv2d;
import io.github.diffusion4j.nn.GroupNorm;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.Linear;
import io.github.diffusion4j.nn.Start;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/** From a latent vector to something of the size of an image. */
final class Decoder extends Layer {
  private final int smallest;
  private final Linear entry;
  private final List<Block> blocks = new ArrayList<>();
  private final List<Conv2d> doublings = new ArrayList<>();
  private final GroupNorm norm;
  private final Conv2d exit;

  /** A decoder with {@code outputs} channels. */
  Decoder(FamilyConfig config, int outputs) {
    List<Integer> widths = config.widths();
    int last = widths.size() - 1;
    smallest = config.smallest();
    entry =
        child(
            "linear_in",
            new Linear(config.latent(), widths.get(last) * smallest * smallest, Start.TORCH));
    for (int i = last; i >= 0; i--) {
      blocks.add(child("blocks." + i, new Block(widths.get(i))));
      if (i > 0) {
        doublings.add(
            child("doublings." + i, Conv2d.same(widths.get(i), widths.get(i - 1), Start.TORCH)));
      }
    }
    norm = child("norm_out", new GroupNorm(widths.get(0), GROUP, Block.STABILIZER));
    exit = child("conv_out", Conv2d.same(widths.get(0), outputs, Start.TORCH));
  }

  /** Returns [N, outputs, H, W] for vectors [N, latent]. */
  Tensor forward(Tensor z) {
    Tensor h = entry.forward(z).reshape(z.size(0), -1, smallest, smallest);
    for (int i = 0; i < blocks.size(); i++) {
      h = blocks.get(i).forward(h);
      if (i < doublings.size()) {
        h = doublings.get(i).forwardDoubled(h);
      }
    }
    return exit.forward(Functions.silu(norm.forward(h)));
  }
}
