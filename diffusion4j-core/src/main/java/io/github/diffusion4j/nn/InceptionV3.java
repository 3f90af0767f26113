package io.github.diffusion4j.nn;

import io.github.diffusion4j.nn.InceptionBlocks.Block;
import io.github.diffusion4j.nn.InceptionBlocks.Pool;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Vision;
import java.util.List;

/**
 * Inception v3 as FID knows it: the network of December 2015, whose weights differ from those of
 * today's and whose structure differs in three places. Means over neighborhoods leave out what is
 * outside of the image, the last block takes largest values in their place, and there are 1008
 * classes. Parameters have the names of torchvision, as in the files of pytorch-fid.
 */
public final class InceptionV3 extends Layer {
  /** Height and width that images are brought to, in pixels. */
  public static final int SIZE = 299;

  /** Number of features of an image. */
  public static final int FEATURES = 2048;

  /** Number of classes, some of them without a meaning. */
  public static final int CLASSES = 1008;

  private static final int SPATIAL_CHANNELS = 7;

  /** Number of features that know where in the image they are: 17 x 17 places, 7 channels. */
  public static final int SPATIAL = 17 * 17 * SPATIAL_CHANNELS;

  private final NormedConv2d conv1a = child("Conv2d_1a_3x3", NormedConv2d.inside(3, 32, 2));
  private final NormedConv2d conv2a = child("Conv2d_2a_3x3", NormedConv2d.inside(32, 32, 1));
  private final NormedConv2d conv2b = child("Conv2d_2b_3x3", NormedConv2d.same(32, 64, 3, 3));
  private final NormedConv2d conv3b = child("Conv2d_3b_1x1", NormedConv2d.same(64, 80, 1, 1));
  private final NormedConv2d conv4a = child("Conv2d_4a_3x3", NormedConv2d.inside(80, 192, 1));
  private final List<Block> until6d =
      List.of(
          child("Mixed_5b", new InceptionBlocks.A(192, 32)),
          child("Mixed_5c", new InceptionBlocks.A(256, 64)),
          child("Mixed_5d", new InceptionBlocks.A(288, 64)),
          child("Mixed_6a", new InceptionBlocks.B(288)),
          child("Mixed_6b", new InceptionBlocks.C(768, 128)),
          child("Mixed_6c", new InceptionBlocks.C(768, 160)),
          child("Mixed_6d", new InceptionBlocks.C(768, 160)));
  private final List<Block> from6e =
      List.of(
          child("Mixed_6e", new InceptionBlocks.C(768, 192)),
          child("Mixed_7a", new InceptionBlocks.D(768)),
          child("Mixed_7b", new InceptionBlocks.E(1280, Pool.MEAN)),
          child("Mixed_7c", new InceptionBlocks.E(2048, Pool.MAX)));
  private final Head head = child("fc", new Head());

  /** Makes a network with random parameters. */
  public InceptionV3(Seed seed) {
    initialize(seed);
  }

  /**
   * Returns what the network sees in images before it decides, and what it saw half-way.
   *
   * @param images [N, 3, 299, 299] in [−1, 1]
   */
  public Sight look(Tensor images) {
    Tensor input = images.channelsLast(); // takes 6 tenths of the time of rows here
    Tensor h = conv2b.forward(conv2a.forward(conv1a.forward(input)));
    h = conv4a.forward(conv3b.forward(Vision.maxPool(h, 3, 2, 0)));
    h = through(until6d, Vision.maxPool(h, 3, 2, 0));
    Tensor corner = h.narrow(1, 0, SPATIAL_CHANNELS).permute(0, 2, 3, 1);
    Tensor spatial = corner.reshape(images.size(0), SPATIAL);
    return new Sight(through(from6e, h).mean(2, 3), spatial);
  }

  /**
   * Returns the logits of the classes, without the bias of the last layer: Inception scores have
   * been computed so from the beginning.
   *
   * @param features [N, 2048]
   * @return [N, 1008]
   */
  public Tensor logits(Tensor features) {
    return features.matmul(head.weight.permute(1, 0));
  }

  private static Tensor through(List<Block> blocks, Tensor x) {
    Tensor h = x;
    for (Block block : blocks) {
      h = block.forward(h);
    }
    return h;
  }

  /**
   * What the network sees in N images.
   *
   * @param features means over the last 8 x 8 places, [N, 2048]
   * @param spatial the first 7 channels of block Mixed_6d, which TensorFlow calls mixed_6, channels
   *     innermost: [N, 2023]
   */
  public record Sight(Tensor features, Tensor spatial) {}

  /** The last layer; its bias is in the files. */
  private static final class Head extends Layer {
    private final Tensor weight;

    Head() {
      weight = parameter("weight", Start.TORCH.weight(FEATURES, CLASSES), CLASSES, FEATURES);
      parameter("bias", Initial.constant(0), CLASSES);
    }
  }
}
