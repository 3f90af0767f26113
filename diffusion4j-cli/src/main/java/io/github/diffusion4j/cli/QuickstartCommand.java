package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.Run;
import io.github.diffusion4j.SampleRequest;
import io.github.diffusion4j.TrainingRun;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.evaluation.DigitJudge;
import io.github.diffusion4j.evaluation.DigitScore;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Trains, samples and judges a model of handwritten digits, all in one go. */
@Command(
    name = "quickstart",
    description = "Train a model of handwritten digits, sample from it, judge it, write a report.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "To compare recipes, change values of the preset digits-quickstart,",
      "for example --training.optimizer.kind=adam; train --dry-run prints them all.",
      "",
      "Examples:",
      "  ./diffusion4j quickstart",
      "  ./diffusion4j quickstart --minutes 2 --out runs/short"
    })
final class QuickstartCommand implements Callable<Integer> {
  private static final int GRID = 64;
  private static final int SHOWN = 4;
  private static final int JUDGED = 512;
  private static final int BATCH = 128;
  private static final long SAMPLE_SEED = 1;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "Minutes of training; default: ${DEFAULT-VALUE}.")
  private double minutes = 5;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run directory; default: runs/quickstart, or the next free number.")
  private @Nullable Path out;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Mixin private final JsonOutput json = new JsonOutput();

  @Spec private CommandSpec spec;

  @Unmatched private List<String> rest = new ArrayList<>();

  private final List<Path> grids = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Arguments.above("--minutes", minutes, 0);
    List<String> overrides = new ArrayList<>();
    overrides.add("--training.budget.maxMinutes=" + minutes);
    overrides.add("--seed=" + seed);
    overrides.addAll(ConfigurationArguments.checked(rest, spec));
    ExperimentConfig config = Overrides.apply(Presets.load("digits-quickstart"), overrides);
    Path folder = out != null ? out : RunFolders.free("quickstart");
    OutputFile.requireFolder("--out", folder);
    json.check();
    ImageDataset digits = EmbeddedDigits.load();
    try (TrainingRun run = TrainingRun.start(config, digits, folder)) {
      introduce(config, digits, run, folder);
      if (train(run) == Outcome.FINISHED) {
        finish(run, config, digits, folder);
      }
    }
    return 0;
  }

  private enum Outcome {
    FINISHED,
    STOPPED
  }

  private static void introduce(
      ExperimentConfig config, ImageDataset digits, TrainingRun run, Path folder) {
    System.out.printf(
        "diffusion4j learns to draw digits. It will add noise to %,d handwritten digits, teach a%n"
            + "network of %,d parameters to see through the noise, for %s on %d threads, and then%n"
            + "let it turn pure noise into new digits. Watch %s/samples.%n",
        digits.size(),
        run.trainer().parameterCount(),
        Durations.of(60 * config.training().budget().maxMinutes().orElse(0.0)),
        Engine.threads(),
        folder);
  }

  private Outcome train(TrainingRun run) throws IOException {
    try (StopSignal stop = StopSignal.listen();
        TrainingProgress progress = new TrainingProgress(Progress.of("train"), "images")) {
      run.train(
          stop,
          report -> {
            progress.onStep(report);
            drawEachMinute(run, report, progress);
          });
      if (stop.getAsBoolean()) {
        progress.say("stopped; checkpoint " + run.saveCheckpoint());
        return Outcome.STOPPED;
      }
      return Outcome.FINISHED;
    }
  }

  private void drawEachMinute(TrainingRun run, StepReport report, TrainingProgress progress) {
    if (report.elapsedSeconds() < 60.0 * (grids.size() + 1) || report.progress() >= 1) {
      return;
    }
    try {
      Path grid = run.writeSamples();
      grids.add(grid);
      progress.say("after %d min: %s".formatted(grids.size(), grid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void finish(TrainingRun run, ExperimentConfig config, ImageDataset digits, Path folder)
      throws IOException {
    Measurements measurements = new Measurements();
    List<StepReport> log = new RunDirectory(folder).logged();
    measurements.training(run.trainer(), config);
    try (Scope scope = Scope.open();
        DigitJudge judge = DigitJudge.embedded()) {
      drawGrid(run, config, folder, measurements);
      System.out.printf("judging %d samples …%n", JUDGED);
      DigitScore score = judge.score(samples(run.model(), config));
      measurements.judged(score);
      run.publish(Measurements.judgement(score, config.sampling()));
      Png.write(
          ForwardPicture.draw(
              ForwardStages.of(
                  FromConfig.process(config.process()),
                  ForwardStages.firstImages(digits, 8),
                  Seed.of(seed))),
          folder.resolve("forward.png"));
      Png.write(LossChart.of(log), folder.resolve("loss.png"));
    }
    QuickstartReport.write(folder, measurements, grids);
    measurements.print(System.out);
    json.write(measurements.numbers());
    System.out.printf("%npictures and numbers: %s%n", folder.resolve("report.html"));
    System.out.printf(
        "next: ./diffusion4j sample --model %s --sampler ddpm --n 100 --out more-digits.png%n",
        folder);
  }

  /** The grid that is shown, and the way to it. */
  private void drawGrid(
      TrainingRun run, ExperimentConfig config, Path folder, Measurements measurements)
      throws IOException {
    try (ReverseStages reverse = new ReverseStages(SHOWN)) {
      long start = System.nanoTime();
      Tensor images = draw(run.model(), config, 0, GRID, reverse);
      measurements.sampling(GRID, (System.nanoTime() - start) * 1e-9);
      Png.write(
          ImageGrid.ofColumns(8).withScale(3).draw(Run.planar(images)),
          folder.resolve("samples.png"));
      Png.write(ReversePicture.draw(reverse), folder.resolve("reverse.png"));
    }
  }

  private static Tensor samples(DiffusionModel model, ExperimentConfig config) {
    List<Tensor> parts = new ArrayList<>();
    for (int first = 0; first < JUDGED; first += BATCH) {
      parts.add(draw(model, config, first, BATCH, SamplingListener.NONE));
    }
    return Tensor.cat(parts, 0);
  }

  private static Tensor draw(
      DiffusionModel model,
      ExperimentConfig config,
      int first,
      int count,
      SamplingListener listener) {
    SampleRequest request = new SampleRequest(SAMPLE_SEED, first, count, Optional.empty());
    return model.sample(request, config.sampling(), listener);
  }
}
