package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TorchScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Any TorchScript archive as a feature network. It takes images in 0…255, F32 [N, C, H, W], as they
 * are, and answers features, or features and logits; what is done to the images before is its own
 * affair. Its distances are called after its file.
 */
public final class ScriptFeatureNet implements FeatureNet {
  private static final int BATCH = 16;
  private static final List<Integer> PROBED_SIZES =
      List.of(299, 256, 224, 128, 96, 64, 48, 32, 28, 16, 384, 512);
  private static final List<Integer> PROBED_CHANNELS = List.of(3, 1);

  private final TorchScript script;
  private final String name;
  private final String fingerprint;
  private volatile int dimension;
  private volatile int classes;

  private ScriptFeatureNet(TorchScript script, Path file, String hash) throws IOException {
    this.script = script;
    this.name = file.getFileName().toString();
    this.fingerprint = NetFingerprint.of("torchscript", hash);
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      learn(probe(file));
    }
  }

  /**
   * Loads an archive, which is a program, and looks at an empty image to see what it answers.
   *
   * @throws IOException if the file is no archive, or takes no square image of a usual size
   */
  public static ScriptFeatureNet open(Path file) throws IOException {
    TorchScript script = TorchScript.open(file);
    try {
      return new ScriptFeatureNet(script, file, NetFingerprint.ofFile(file));
    } catch (IOException e) {
      script.close();
      throw e;
    }
  }

  private Answers probe(Path file) throws IOException {
    Optional<IllegalArgumentException> reason = Optional.empty();
    for (int channels : PROBED_CHANNELS) {
      for (int size : PROBED_SIZES) {
        try {
          return look(Tensor.zeros(1, channels, size, size));
        } catch (IllegalArgumentException e) {
          reason = reason.isEmpty() ? Optional.of(e) : reason;
        }
      }
    }
    throw new IOException(
        String.format(
            Locale.ROOT,
            "%s is no feature network: %s",
            file,
            reason.map(Throwable::getMessage).orElse("no image was tried")));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public int classes() {
    return classes;
  }

  /**
   * Looks at images of whatever shapes the archive takes. How many features it has may depend on
   * the shape: {@link #dimension} and {@link #classes} are those of the images seen last.
   */
  @Override
  public Answers of(Tensor images) {
    Answers answers = Batched.look(images, BATCH, this::look);
    learn(answers);
    return answers;
  }

  private void learn(Answers answers) {
    dimension = (int) answers.features().size(1);
    classes = (int) answers.logits().size(1);
  }

  private Answers look(Tensor images) {
    List<Tensor> answers = script.run(images);
    if (answers.isEmpty() || answers.size() > 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the TorchScript network answers %d tensors; allowed: features, or features and logits",
              answers.size()));
    }
    long count = images.size(0);
    Tensor logits =
        answers.size() == 2 ? rows(answers.get(1), count) : Tensor.zeros(DType.F32, count, 0);
    return new Answers(rows(answers.get(0), count), logits, Optional.empty());
  }

  /** Features may come with places of one pixel behind them. */
  private static Tensor rows(Tensor answer, long count) {
    long[] shape = answer.shape();
    if (shape.length < 2 || shape[0] != count || answer.numel() != count * shape[1]) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the TorchScript network answers %s for %d images; allowed: [%d, D]",
              answer,
              count,
              count));
    }
    return answer.reshape(count, shape[1]).to(DType.F32);
  }

  @Override
  public void close() {
    script.close();
  }
}
