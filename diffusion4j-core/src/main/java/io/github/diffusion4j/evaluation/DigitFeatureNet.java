package io.github.diffusion4j.evaluation;

import static io.github.diffusion4j.nn.DigitClassifier.CLASSES;
import static io.github.diffusion4j.nn.DigitClassifier.FEATURES;
import static io.github.diffusion4j.nn.DigitClassifier.SIZE;

import io.github.diffusion4j.nn.DigitClassifier;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/**
 * The classifier of handwritten digits that comes with the library, as a feature network. Its
 * distances are called FD-digits.
 */
public final class DigitFeatureNet implements FeatureNet {
  private static final int BATCH = 256;
  private static final double HALF_RANGE = 127.5;

  private final DigitJudge judge;
  private final String fingerprint;

  private DigitFeatureNet(DigitJudge judge) {
    this.judge = judge;
    this.fingerprint =
        NetFingerprint.of(name() + ": gray 28 x 28, x / 127.5 - 1", classifier().parameters());
  }

  /** Returns the network with the weights that come with the library. */
  public static DigitFeatureNet embedded() {
    return new DigitFeatureNet(DigitJudge.embedded());
  }

  @Override
  public String name() {
    return "digits";
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int dimension() {
    return FEATURES;
  }

  @Override
  public int classes() {
    return CLASSES;
  }

  /** Looks at images [N, 1, 28, 28]; no others are taken. */
  @Override
  public Answers of(Tensor images) {
    return Batched.look(images, BATCH, this::look);
  }

  private Answers look(Tensor images) {
    long[] shape = images.shape();
    if (shape[1] != 1 || shape[2] != SIZE || shape[3] != SIZE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "images are %s; allowed for the digit classifier: [N, 1, 28, 28]",
              images));
    }
    Tensor features = classifier().features(images.dividedBy(HALF_RANGE).minus(1));
    return new Answers(features, classifier().logits(features), Optional.empty());
  }

  private DigitClassifier classifier() {
    return judge.classifier();
  }

  @Override
  public void close() {
    judge.close();
  }
}
