package io.github.diffusion4j.baseline;

import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.nn.Conv2d;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.Linear;
import io.github.diffusion4j.nn.Start;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Says of an image how much it looks like one of the data; without normalization, so that its
 * answer about one image does not depend on the others of its batch.
 */
public final class Discriminator extends Layer {
  private final Conv2d entry;
  private final List<Level> levels = new ArrayList<>();
  private final Linear exit;

  /** Makes a discriminator with weights drawn from {@code seed}. */
  public Discriminator(GanConfig config, Seed seed) {
    List<Integer> widths = config.discriminatorWidths();
    int last = widths.get(widths.size() - 1);
    int smallest = config.size() >> (widths.size() - 1);
    entry = child("conv_in", Conv2d.same(config.channels(), widths.get(0), Start.TORCH));
    for (int i = 0; i + 1 < widths.size(); i++) {
      levels.add(child("levels." + i, new Level(widths.get(i), widths.get(i + 1))));
    }
    exit = child("linear_out", new Linear(last * smallest * smallest, 1, Start.TORCH));
    initialize(seed);
  }

  /** Returns one number for each image [N, C, H, W] in [−1, 1]; positive means real. */
  public Tensor forward(Tensor x) {
    Tensor h = entry.forward(x);
    for (Level level : levels) {
      h = level.forward(h);
    }
    return exit.forward(leaky(h).reshape(h.size(0), -1)).reshape(h.size(0));
  }

  private static Tensor leaky(Tensor x) {
    return Functions.leakyRelu(x, 0.2);
  }

  /** Two convolutions beside a shortcut, then half of the resolution. */
  private static final class Level extends Layer {
    private final Conv2d conv1;
    private final Conv2d conv2;
    private final Conv2d shortcut;

    Level(int in, int out) {
      conv1 = child("conv1", Conv2d.same(in, out, Start.FAN_AVERAGE));
      conv2 = child("conv2", new Conv2d(out, out, 3, 2, 1, Start.FAN_AVERAGE));
      shortcut = child("conv_shortcut", new Conv2d(in, out, 1, 1, 0, Start.FAN_AVERAGE));
    }

    Tensor forward(Tensor x) {
      Tensor h = conv2.forward(leaky(conv1.forward(leaky(x))));
      return h.plus(shortcut.forward(Functions.averagePool(x))).times(Math.sqrt(0.5));
    }
  }
}
