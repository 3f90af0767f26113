package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Vision;
import java.util.List;

/**
 * The residual network of 20 layers for small colour images: three stages of three blocks with 16,
 * 32 and 64 channels. A shortcut into a larger stage leaves out every second pixel and adds empty
 * channels on both sides, so it has no parameters. Those of the rest have the names of the usual
 * PyTorch files.
 */
public final class ResNet20 extends Layer {
  /** Height and width of an image, in pixels. */
  public static final int SIZE = 32;

  /** Number of features of an image. */
  public static final int FEATURES = 64;

  /** Number of classes. */
  public static final int CLASSES = 10;

  private static final double STABILIZER = 1e-5;

  private final Normed first = new Normed(3, 16, 1);
  private final List<Stage> stages =
      List.of(
          child("layer1", new Stage(16, 16, 1)),
          child("layer2", new Stage(16, 32, 2)),
          child("layer3", new Stage(32, FEATURES, 2)));
  private final Linear linear = child("linear", new Linear(FEATURES, CLASSES, Start.TORCH));

  /** Makes a network with random parameters. */
  public ResNet20(Seed seed) {
    child("conv1", first.conv);
    child("bn1", first.norm);
    initialize(seed);
  }

  /**
   * Returns what the network sees in images before it decides.
   *
   * @param images [N, 3, 32, 32], normalized as in training
   * @return [N, 64]
   */
  public Tensor features(Tensor images) {
    Tensor h = Functions.relu(first.forward(images));
    for (Stage stage : stages) {
      h = stage.forward(h);
    }
    return h.mean(2, 3);
  }

  /** Returns the logits of the classes, [N, 10], for features [N, 64]. */
  public Tensor logits(Tensor features) {
    return linear.forward(features);
  }

  /** Three blocks; the first may halve height and width. */
  private static final class Stage extends Layer {
    private final List<Block> blocks;

    Stage(int in, int out, int stride) {
      blocks =
          List.of(
              child("0", new Block(in, out, stride)),
              child("1", new Block(out, out, 1)),
              child("2", new Block(out, out, 1)));
    }

    Tensor forward(Tensor x) {
      Tensor h = x;
      for (Block block : blocks) {
        h = block.forward(h);
      }
      return h;
    }
  }

  /** Two convolutions beside a shortcut. */
  private static final class Block extends Layer {
    private final Normed one;
    private final Normed two;
    private final int stride;
    private final int added;

    Block(int in, int out, int stride) {
      this.stride = stride;
      added = (out - in) / 2;
      one = new Normed(in, out, stride);
      two = new Normed(out, out, 1);
      child("conv1", one.conv);
      child("bn1", one.norm);
      child("conv2", two.conv);
      child("bn2", two.norm);
    }

    Tensor forward(Tensor x) {
      Tensor h = two.forward(Functions.relu(one.forward(x)));
      return Functions.relu(h.plus(shortcut(x)));
    }

    private Tensor shortcut(Tensor x) {
      if (added == 0) {
        return x;
      }
      Tensor some = Vision.maxPool(x, 1, stride, 0); // a window of one pixel: the pixel itself
      Tensor none = Tensor.zeros(x.size(0), added, some.size(2), some.size(3)).like(some);
      return Tensor.cat(List.of(none, some, none), 1);
    }
  }

  /** A 3 x 3 convolution without bias and the normalization after it, which lie side by side. */
  private static final class Normed {
    private final Filter conv;
    private final BatchNorm norm;

    Normed(int in, int out, int stride) {
      conv = new Filter(in, out, stride);
      norm = new BatchNorm(out, STABILIZER);
    }

    Tensor forward(Tensor x) {
      return norm.forward(conv.forward(x));
    }
  }

  private static final class Filter extends Layer {
    private final Tensor weight;
    private final int stride;

    Filter(int in, int out, int stride) {
      this.stride = stride;
      weight = parameter("weight", Start.TORCH.weight(in * 9L, out * 9L), out, in, 3, 3);
    }

    Tensor forward(Tensor x) {
      return Functions.filter(x, weight, stride, 1);
    }
  }
}
