package io.github.diffusion4j.cli;

import io.github.diffusion4j.Datasets;
import io.github.diffusion4j.Evaluation;
import io.github.diffusion4j.FeatureCache;
import io.github.diffusion4j.FeatureExtraction;
import io.github.diffusion4j.FeatureNets;
import io.github.diffusion4j.Metric;
import io.github.diffusion4j.RealData;
import io.github.diffusion4j.RealImages;
import io.github.diffusion4j.SamplingChoice;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.data.DatasetDownload;
import io.github.diffusion4j.data.Split;
import io.github.diffusion4j.evaluation.FeatureNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all verbs that measure images. */
final class EvaluationOptions {
  private static final int USUAL_BATCH = 100;

  @Option(
      names = "--data",
      paramLabel = "NAME|PATH",
      description = {
        "Real images: mnist, fashion-mnist, cifar10, digits, a folder, .zip, .npy or .npz,",
        "or a .npz of statistics (mu, sigma)."
      })
  private @Nullable String data;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the known sets lie; default: download.")
  private @Nullable Path dataDir;

  @Option(names = "--split", description = "Part of a known set, train or test; default: train.")
  private @Nullable Split split;

  @Option(
      names = "--held-out",
      paramLabel = "NAME|PATH",
      description = "Images not trained on; default: the test part.")
  private @Nullable String heldOut;

  @Option(
      names = "--metrics",
      paramLabel = "LIST",
      description =
          "Of fd, kid, is, pr, dc, fd-inf, sfid, memorization; default: ${DEFAULT-VALUE}.")
  private String metrics = "fd,kid,is,pr,dc";

  @Option(
      names = "--features",
      paramLabel = "NET",
      description = {"What sees the images; default: ${DEFAULT-VALUE}.", FeatureNets.ALLOWED})
  private String features = "digits";

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of samples and subsets; default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; default: what the model's folder says.",
      converter = SampleCommand.SamplerName.class,
      completionCandidates = SampleCommand.SamplerName.class)
  private SamplingConfig.@Nullable Sampler sampler;

  @Option(names = "--steps", paramLabel = "N", description = "Denoising steps; default: as sample.")
  private @Nullable Integer steps;

  @Option(names = "--eta", description = "Fresh noise of ddim, 0 to 1; default: 0.")
  private @Nullable Double eta;

  @Option(names = "--batch", paramLabel = "N", description = "Images drawn at once; default: 100.")
  private @Nullable Integer batch;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where features are kept; default: diffusion4j/features in the user's cache.")
  private @Nullable Path cache;

  /** Checks what can be checked without opening anything. */
  void check() {
    Metric.parse(metrics);
    if (batch != null) {
      Arguments.atLeast("--batch", batch, 1);
    }
    if (eta != null && !(eta >= 0 && eta <= 1)) {
      throw Arguments.wrong("--eta", eta, "0 to 1");
    }
    if (data == null) {
      Arguments.none(
          "says which real images, but there is no --data",
          Stream.of(
              Arguments.given("--data-dir", dataDir),
              Arguments.given("--split", split),
              Arguments.given("--held-out", heldOut)));
    }
  }

  /** Refuses options that say how images are drawn, where none is drawn. */
  void requireNoDrawing() {
    Arguments.none(
        "says how a model draws, but there is no --model",
        Stream.of(
            Arguments.given("--sampler", sampler),
            Arguments.given("--steps", steps),
            Arguments.given("--eta", eta),
            Arguments.given("--batch", batch)));
  }

  Set<Metric> metrics() {
    return Metric.parse(metrics);
  }

  FeatureNet openNet() throws IOException {
    return FeatureNets.open(features);
  }

  Evaluation evaluation(FeatureNet net, Progress progress) {
    Path folder =
        cache != null ? cache : DatasetDownload.defaultCache(System.getenv()).resolve("features");
    return new Evaluation(
        net, new FeatureExtraction(new FeatureCache(folder), DataProgress.of(progress)));
  }

  boolean hasData() {
    return data != null;
  }

  Optional<RealImages> real(Progress progress) throws IOException {
    if (data == null) {
      return Optional.empty();
    }
    Datasets datasets = new Datasets(Optional.ofNullable(dataDir), DataProgress.to(progress::say));
    return Optional.of(
        new RealData(datasets, DataProgress.of(progress))
            .open(data, Optional.ofNullable(split), Optional.ofNullable(heldOut)));
  }

  /** Returns how diffusion models are sampled. */
  SamplingChoice choice() {
    return new SamplingChoice(
        Optional.ofNullable(sampler),
        Optional.ofNullable(steps),
        eta == null ? 0 : eta,
        Optional.empty());
  }

  long seed() {
    return seed;
  }

  int batch() {
    return batch == null ? USUAL_BATCH : batch;
  }
}
