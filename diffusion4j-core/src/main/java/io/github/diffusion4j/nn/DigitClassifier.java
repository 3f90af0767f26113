package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/**
 * A small convolutional network that reads handwritten digits, 28 × 28 pixels in gray.
 *
 * <p>Four convolutions, each normalized and bent, lead to {@value #FEATURES} features and these to
 * ten logits. Strides, not pooling, make the images smaller, which is several times faster on a
 * processor. The features are taken before their nonlinearity: there they are spread smoothly and
 * not piled up at zero, which suits the Gaussians of a Fréchet distance.
 */
public final class DigitClassifier extends Layer {
  /** Height and width of an image, in pixels. */
  public static final int SIZE = 28;

  /** Number of features of an image. */
  public static final int FEATURES = 64;

  /** Number of classes: the digits 0 to 9. */
  public static final int CLASSES = 10;

  private static final int GROUPS = 8;
  private static final double STABILIZER = 1e-5;
  private static final int SMALLEST = 4; // 28 → 14 → 7 → 7 → 4

  private final List<Stage> stages =
      List.of(
          child("stage_1", new Stage(1, 24, 5, 2)),
          child("stage_2", new Stage(24, 48, 3, 2)),
          child("stage_3", new Stage(48, 64, 3, 1)),
          child("stage_4", new Stage(64, 64, 3, 2)));
  private final Linear features =
      child("features", new Linear(64 * SMALLEST * SMALLEST, FEATURES, Start.TORCH));
  private final Linear logits = child("logits", new Linear(FEATURES, CLASSES, Start.TORCH));

  /** Makes a network with random parameters. */
  public DigitClassifier(Seed seed) {
    initialize(seed);
  }

  /**
   * Returns what the network sees in images, before it decides.
   *
   * @param images [N, 1, 28, 28] in [−1, 1]
   * @return [N, 64]
   */
  public Tensor features(Tensor images) {
    Tensor h = images;
    for (Stage stage : stages) {
      h = stage.forward(h);
    }
    return features.forward(h.reshape(images.size(0), -1));
  }

  /**
   * Returns the logits of the ten digits; their softmax is the probability of each.
   *
   * @param features [N, 64], from {@link #features}
   * @return [N, 10]
   */
  public Tensor logits(Tensor features) {
    return logits.forward(Functions.silu(features));
  }

  /** Convolution, normalization, nonlinearity. */
  private static final class Stage extends Layer {
    private final Conv2d conv;
    private final GroupNorm norm;

    Stage(int in, int out, int kernel, int stride) {
      conv = child("conv", new Conv2d(in, out, kernel, stride, kernel / 2, Start.TORCH));
      norm = child("norm", new GroupNorm(out, GROUPS, STABILIZER));
    }

    Tensor forward(Tensor x) {
      return Functions.silu(norm.forward(conv.forward(x)));
    }
  }
}
