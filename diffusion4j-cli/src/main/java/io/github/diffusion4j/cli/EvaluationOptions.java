package io.github.diffusion4j.cli;

import io.github.diffusion4j.Datasets;
import io.github.diffusion4j.Evaluation;
import io.github.diffusion4j.FeatureCache;
import io.github.diffusion4j.FeatureExtraction;
import io.github.diffusion4j.FeatureNets;
import io.github.diffusion4j.Metric;
import io.github.diffusion4j.RealData;
import io.github.diffusion4j.RealImages;
import io.github.diffusion4j.data.DatasetDownload;
import io.github.diffusion4j.data.Split;
import io.github.diffusion4j.evaluation.FeatureNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of all verbs that measure images. */
final class EvaluationOptions {
  private static final int USUAL_BATCH = 64;

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

  @Mixin private final SamplingOptions sampling = new SamplingOptions();

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where features are kept; default: diffusion4j/features in the user's cache.")
  private @Nullable Path cache;

  /** Checks what can be checked without opening anything. */
  void check() {
    Metric.parse(metrics);
    sampling.check();
    if (data == null) {
      Arguments.none(
          "says which real images, but there is no --data",
          Stream.of(
              Arguments.given("--data-dir", dataDir),
              Arguments.given("--split", split),
              Arguments.given("--held-out", heldOut)));
    }
  }

  /** Returns how models draw. */
  SamplingOptions sampling() {
    return sampling;
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

  int batch() {
    return sampling.batch(USUAL_BATCH);
  }
}
