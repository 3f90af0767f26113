package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionGenerator;
import io.github.diffusion4j.DrawingOptions;
import io.github.diffusion4j.Evaluation;
import io.github.diffusion4j.EvaluationReport;
import io.github.diffusion4j.FeatureExtraction.Share;
import io.github.diffusion4j.GeneratedImages;
import io.github.diffusion4j.ImageGenerator;
import io.github.diffusion4j.ImageGenerators;
import io.github.diffusion4j.ImageSource;
import io.github.diffusion4j.RealImages;
import io.github.diffusion4j.SampleFiles;
import io.github.diffusion4j.StatisticsFile;
import io.github.diffusion4j.StoredImages;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.evaluation.FeatureNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how good generated images are. */
@Command(
    name = "evaluate",
    description = "Measure how close generated images are to real ones, with intervals of 95 %%.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Features are kept in the cache: a run that was stopped goes on where it was,",
      "and one that asks for other metrics draws no image again.",
      "",
      "Examples:",
      "  ./diffusion4j evaluate --model runs/mnist --data mnist --json numbers.json",
      "  ./diffusion4j evaluate --samples pictures --data path/to/images --metrics fd"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final int USUAL_COUNT = 10_000;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Draw from this model: a run directory, a checkpoint, or a diffusers folder.")
  private @Nullable Path model;

  @Option(
      names = "--samples",
      paramLabel = "FOLDER|FILE",
      description = "Or take these images: a folder, .zip, .npz or .npy.")
  private @Nullable Path samples;

  @Option(
      names = "--n",
      paramLabel = "N",
      description = "Samples; default: 10000 of a model, all of --samples.")
  private @Nullable Integer count;

  @Mixin private final EvaluationOptions options = new EvaluationOptions();

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = {
        "Only make share I of N of the features, in parts of 1000 samples; when all shares",
        "are in one cache, the same command without --shard measures."
      })
  private @Nullable String shard;

  @Mixin private final JsonOutput json = new JsonOutput();

  @Option(
      names = "--write-statistics",
      paramLabel = "FILE.npz",
      description = "Write mean and covariance of the features of --data to this file.")
  private @Nullable Path statistics;

  @Override
  public Integer call() throws IOException {
    check();
    try (FeatureNet net = options.openNet();
        Progress progress = Progress.onErrors("evaluate")) {
      Evaluation evaluation = options.evaluation(net, progress);
      Optional<RealImages> real = options.real(progress);
      if (statistics != null) {
        writeStatistics(evaluation, real, statistics);
      }
      if (model != null) {
        measureModel(evaluation, real, model, progress);
      } else if (samples != null) {
        ImageDataset stored = SampleFiles.open(samples, DataProgress.of(progress));
        int number = count == null ? stored.size() : count;
        measure(evaluation, new StoredImages(stored, number, samples.toString()), real);
      }
    }
    return 0;
  }

  private void check() throws IOException {
    options.check();
    if (model != null && samples != null) {
      throw new UserException("--model and --samples are both given; allowed: one of them");
    }
    if (model == null && samples == null && statistics == null) {
      throw new UserException("--model or --samples is needed, to say what is measured");
    }
    if (statistics != null && !options.hasData()) {
      throw new UserException("--write-statistics needs --data, to say of what");
    }
    if (statistics != null && !FileEnding.is(statistics, ".npz")) {
      throw Arguments.wrong("--write-statistics", statistics, "a name ending in .npz");
    }
    if (model == null) {
      options.sampling().requireNone();
    }
    if (model == null && samples == null) {
      Arguments.none(
          "needs --model or --samples",
          Stream.of(
              Arguments.given("--n", count),
              Arguments.given("--shard", shard),
              Arguments.given("--json", json.file())));
    }
    if (shard != null) {
      share(shard);
      Arguments.none(
          "is given with --shard, which prints no numbers",
          Stream.of(Arguments.given("--json", json.file())));
    }
    if (count != null) {
      Arguments.atLeast("--n", count, 2);
    }
    json.check();
    if (statistics != null) {
      OutputFile.require("--write-statistics", statistics);
    }
  }

  private static void writeStatistics(Evaluation evaluation, Optional<RealImages> real, Path file)
      throws IOException {
    if (!(real.orElseThrow() instanceof RealImages.Known known)) {
      throw new UserException("--data is a statistics file already; allowed: images");
    }
    OutputFile.makeFolder(file);
    StatisticsFile.write(file, evaluation.statistics(known.images()));
    System.out.printf(
        Locale.ROOT, "%s of %s: %s%n", evaluation.net().name(), known.description(), file);
  }

  private void measureModel(
      Evaluation evaluation, Optional<RealImages> real, Path folder, Progress progress)
      throws IOException {
    Path resolved = ModelSource.resolve(folder); // a run that goes on has another one later
    Optional<String> family = BaselineFolder.family(resolved);
    family.ifPresent(other -> options.sampling().requireOnePass(folder, other));
    DrawingOptions drawing = options.sampling().drawing(progress::say);
    try (ImageGenerator generator = ImageGenerators.open(resolved, drawing)) {
      if (generator instanceof DiffusionGenerator diffusion) {
        SamplingOptions.note(diffusion.way()).ifPresent(progress::say);
      }
      GeneratedImages drawn =
          new GeneratedImages(
              generator,
              ImageGenerators.fingerprint(resolved),
              count == null ? USUAL_COUNT : count,
              options.sampling().seed(),
              options.batch());
      measure(evaluation, drawn, real);
    }
  }

  private void measure(Evaluation evaluation, ImageSource images, Optional<RealImages> real)
      throws IOException {
    if (shard != null) {
      evaluation.prepare(images, real, options.metrics(), share(shard));
      System.out.printf(Locale.ROOT, "share %s of the features is in the cache%n", shard);
      return;
    }
    EvaluationReport report =
        evaluation.measure(images, real, options.metrics(), options.sampling().seed());
    new EvaluationTable(report).print(System.out);
    json.write(report);
  }

  private static Share share(String text) {
    if (!text.matches("\\d{1,6}/\\d{1,6}")) {
      throw Arguments.wrong("--shard", text, "I/N, for example 2/4");
    }
    String[] parts = text.split("/", -1);
    try {
      return new Share(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    } catch (IllegalArgumentException e) {
      throw Arguments.wrong("--shard", text, "1/N…N/N");
    }
  }
}
