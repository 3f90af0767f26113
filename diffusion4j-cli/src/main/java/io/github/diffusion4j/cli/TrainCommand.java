package io.github.diffusion4j.cli;

import static java.util.Objects.requireNonNull;

import io.github.diffusion4j.Datasets;
import io.github.diffusion4j.PointEvaluation;
import io.github.diffusion4j.Run;
import io.github.diffusion4j.ScheduleWarnings;
import io.github.diffusion4j.TrainingRun;
import io.github.diffusion4j.checkpoint.Checkpoints;
import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.Dataset;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.KnownPoints;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Trains a model by a preset or a configuration file. */
@Command(
    name = "train",
    description = "Train a model into a run directory.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Every value of the configuration can be set, for example --training.batch=64;",
      "--dry-run prints them all.",
      "",
      "Examples:",
      "  ./diffusion4j train --preset mnist --out runs/mnist",
      "  ./diffusion4j train --preset emoji64 --data images.zip --training.batch=32",
      "  ./diffusion4j train --resume --out runs/mnist --max-minutes 40"
    })
final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "One of the built-in recipes: ${COMPLETION-CANDIDATES}.",
      completionCandidates = PresetNames.class)
  private @Nullable String preset;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description = {
        "vae, hvae or gan in place of a diffusion model; with --data,",
        "or with one of their presets."
      })
  private @Nullable String family;

  @Option(names = "--config", paramLabel = "FILE", description = "A recipe as JSON or YAML.")
  private @Nullable Path configFile;

  @Option(
      names = "--data",
      paramLabel = "SET",
      description = {
        "digits, mnist, fashion-mnist, cifar10, or a folder or zip file of images;",
        "points: moons, swiss-roll, eight-gaussians, spiral, checkerboard."
      })
  private @Nullable String data;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where mnist/, fashion_mnist/ and cifar10/ lie; default: download them.")
  private @Nullable Path dataDir;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run directory; default: runs/NAME.")
  private @Nullable Path out;

  @Option(names = "--max-steps", paramLabel = "N", description = "Stop after N steps.")
  private @Nullable Long maxSteps;

  @Option(names = "--max-minutes", paramLabel = "M", description = "Stop after M minutes.")
  private @Nullable Double maxMinutes;

  @Option(names = "--strict", description = "Stop at the first corrupt image.")
  private boolean strict;

  @Option(names = "--resume", description = "Go on from the latest checkpoint in --out.")
  private boolean resume;

  @Option(names = "--dry-run", description = "Print the resolved recipe and its cost, and stop.")
  private boolean dryRun;

  @Mixin private final JsonOutput json = new JsonOutput();

  @Spec private CommandSpec spec;

  @Unmatched private List<String> rest = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    List<String> configured = ConfigurationArguments.checked(rest, spec);
    RunConfig base = base();
    RunConfig config = overridden(base, configured);
    if (config instanceof ExperimentConfig diffusion) {
      Warnings.print(ScheduleWarnings.of(diffusion.process()), spec.commandLine().getErr());
    }
    if (dryRun) {
      Arguments.none(
          "is given with --dry-run, which measures nothing",
          Stream.of(Arguments.given("--json", json.file())));
      new DryRun(config, ConfigFiles.differences(base, config)).print(System.out);
      return 0;
    }
    Path folder = out != null ? out : RunFolders.free(config.name());
    OutputFile.requireFolder("--out", folder);
    if (!resume) {
      new RunDirectory(folder).requireFree(); // now, not when the data have been fetched
    }
    json.check();
    try (StopSignal stop = StopSignal.listen();
        TrainingProgress progress = new TrainingProgress(Progress.of("train"), noun(config))) {
      Dataset samples = openData(config, progress);
      progress.say(String.format(Locale.ROOT, "%s: %s", config.data().source(), describe(samples)));
      try (Run run =
          resume ? Run.goOn(config, samples, folder) : Run.begin(config, samples, folder)) {
        progress.say(
            String.format(
                Locale.ROOT,
                "%s %,d parameters into %s",
                resume ? "resuming at step " + run.trainer().step() + ":" : "training",
                run.trainer().parameterCount(),
                folder));
        run.train(stop, progress);
        Path checkpoint = run.saveCheckpoint();
        progress.say(
            String.format(
                Locale.ROOT,
                "%s at step %,d; checkpoint %s",
                stop.getAsBoolean() ? "stopped" : "finished",
                run.trainer().step(),
                checkpoint));
        if (run instanceof TrainingRun points
            && !points.model().isOfImages()
            && !stop.getAsBoolean()) {
          judge(points, (ExperimentConfig) config, folder, progress);
        }
        json.write(numbers(run, folder, checkpoint));
        progress.say(
            String.format(
                Locale.ROOT, "next: ./diffusion4j sample --model %s --out samples.png", folder));
      }
    }
    return 0;
  }

  private static Map<String, Object> numbers(Run run, Path folder, Path checkpoint)
      throws IOException {
    RunDirectory directory = new RunDirectory(folder);
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("run", folder.toString());
    numbers.put("checkpoint", checkpoint.toString());
    numbers.put("step", run.trainer().step());
    numbers.put("parameters", run.trainer().parameterCount());
    numbers.put("seconds", run.trainer().elapsedSeconds());
    List<StepReport> logged = directory.logged();
    if (!logged.isEmpty()) {
      numbers.put("lastLogged", logged.get(logged.size() - 1));
    }
    numbers.put("evaluations", directory.evaluations());
    return numbers;
  }

  private RunConfig overridden(RunConfig base, List<String> configured) {
    return base instanceof BaselineConfig other
        ? Overrides.apply(other, overrides(configured))
        : Overrides.apply((ExperimentConfig) base, overrides(configured));
  }

  private RunConfig base() throws IOException {
    if (resume) {
      if (preset != null || configFile != null || family != null) {
        throw new UserException(
            "--resume takes the recipe of --out; drop --preset, --config and --family");
      }
      return savedConfig();
    }
    if (family != null && preset == null && configFile == null) {
      return FamilyChoice.usual(family, Optional.ofNullable(data));
    }
    if (preset != null && configFile != null) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--preset %s and --config %s are both given; allowed: one of them",
              preset,
              configFile));
    }
    if (preset == null && configFile == null) {
      throw new UserException(
          "one of --preset and --config is needed; presets: " + String.join(", ", Presets.all()));
    }
    RunConfig base =
        configFile != null ? ConfigFiles.readRun(configFile) : Presets.any(requireNonNull(preset));
    if (family != null) {
      FamilyChoice.require(family, base);
    }
    return base;
  }

  private RunConfig savedConfig() throws IOException {
    if (out == null) {
      throw new UserException("--resume needs --out: the run directory to go on in");
    }
    Path folder = out;
    Optional<Path> checkpoint = Checkpoints.of(folder).latest();
    try (Scope scope = Scope.open()) {
      return TrainingState.read(
              checkpoint.orElseThrow(
                  () -> new UserException(folder + " holds no checkpoint to resume from")))
          .config();
    }
  }

  /** The options that stand for a value of the configuration, and those that name one directly. */
  private List<String> overrides(List<String> configured) {
    List<String> overrides = new ArrayList<>();
    if (data != null) {
      overrides.add("--data.source=" + data);
    }
    if (strict) {
      overrides.add("--data.onCorrupt=stop");
    }
    if (maxSteps != null) {
      overrides.add("--training.budget.maxSteps=" + maxSteps);
      if (maxMinutes == null && !resume) {
        overrides.add("--training.budget.maxMinutes=none");
      }
    }
    if (maxMinutes != null) {
      overrides.add("--training.budget.maxMinutes=" + maxMinutes);
      if (maxSteps == null && !resume) {
        overrides.add("--training.budget.maxSteps=none");
      }
    }
    overrides.addAll(configured);
    return overrides;
  }

  private Dataset openData(RunConfig config, TrainingProgress progress) throws IOException {
    Datasets datasets = new Datasets(Optional.ofNullable(dataDir), DataProgress.to(progress::say));
    Dataset samples = datasets.open(config);
    datasets.skipped().forEach(file -> progress.say("skipped: " + file));
    return samples;
  }

  /** Points are judged at once: it takes seconds. */
  private static void judge(
      TrainingRun run, ExperimentConfig config, Path folder, TrainingProgress progress)
      throws IOException {
    KnownPoints truth = Datasets.distribution(config.data(), (MlpConfig) config.model());
    PointEvaluation evaluation =
        PointEvaluation.of(
            run.model(), truth, config.sampling(), Seed.of(config.seed()).derive("evaluation"));
    new RunDirectory(folder).writeEvaluation(evaluation);
    run.publish(PointReport.measurements(evaluation));
    progress.say(PointReport.of(evaluation));
    progress.say(
        String.format(
            Locale.ROOT,
            "a picture of %d: %s",
            config.reporting().sampleCount(),
            run.writeSamples()));
  }

  /** The names of the presets. */
  static final class PresetNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Presets.all().iterator();
    }
  }

  private static String noun(RunConfig config) {
    return config instanceof ExperimentConfig diffusion
            && !(diffusion.model() instanceof ImageModelConfig)
        ? "points"
        : "images";
  }

  private static String describe(Dataset samples) {
    return samples instanceof ImageDataset images
        ? String.format(Locale.ROOT, "%,d images %s", images.size(), images.shape())
        : String.format(Locale.ROOT, "%,d points", samples.size());
  }
}
