package io.github.diffusion4j.cli;

import io.github.diffusion4j.TrainingRun;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Threads;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Trains, samples and judges a model of handwritten digits, all in the time that is given. */
@Command(
    name = "quickstart",
    description = "Train a model of handwritten digits, sample from it, judge it, write a report.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The minutes are those of the whole program, from its start to the report. The",
      "first seconds measure the machine; what drawing and judging leave is spent on",
      "training, and the recipe follows the number of images that it will see. Where",
      "time is short fewer samples are judged, and the report says so.",
      "",
      "To compare recipes, change values of the preset digits-quickstart,",
      "for example --training.optimizer.kind=adam; train --dry-run prints them all.",
      "A recipe with such changes is not adapted to the machine.",
      "",
      "Examples:",
      "  ./diffusion4j quickstart",
      "  ./diffusion4j quickstart --minutes 2 --out runs/short"
    })
final class QuickstartCommand implements Callable<Integer> {
  private static final double TRIAL_SHARE = 0.02;
  private static final double TRIAL_SECONDS = 4;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "Minutes in all, to the finished report; default: ${DEFAULT-VALUE}.")
  private double minutes = 5;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run directory; default: runs/quickstart, or the next free number.")
  private @Nullable Path out;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Option(
      names = "--judged",
      paramLabel = "N",
      description = "Samples judged, at least 64; default: 512, or what there is time for.")
  private @Nullable Integer judged;

  @Mixin private final JsonOutput json = new JsonOutput();

  @ParentCommand private Main main;

  @Spec private CommandSpec spec;

  @Unmatched private List<String> rest = new ArrayList<>();

  private final List<QuickstartReport.Grid> grids = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Arguments.above("--minutes", minutes, 0);
    if (judged != null) {
      Arguments.atLeast("--judged", judged, QuickstartPlan.GRID);
    }
    Deadline deadline = Deadline.after(main.started(), 60 * minutes);
    List<String> given = new ArrayList<>(List.of("--seed=" + seed));
    given.addAll(ConfigurationArguments.checked(rest, spec));
    QuickstartRecipe recipe = new QuickstartRecipe(given);
    Path folder = out != null ? out : RunFolders.free("quickstart");
    OutputFile.requireFolder("--out", folder);
    json.check();
    new RunDirectory(folder).requireFree();
    ImageDataset digits = EmbeddedDigits.load();
    QuickstartPlan plan = plan(recipe.base(), digits, deadline);
    ExperimentConfig config = recipe.adapted(plan);
    try (TrainingRun run = TrainingRun.start(config, digits, folder)) {
      introduce(digits, plan, run, folder);
      if (train(run, plan) == Outcome.FINISHED) {
        QuickstartResults results = new QuickstartResults(run, config, digits, folder);
        json.write(results.write(plan, deadline, grids).numbers());
      }
    }
    return 0;
  }

  private enum Outcome {
    FINISHED,
    STOPPED
  }

  private QuickstartPlan plan(ExperimentConfig recipe, ImageDataset digits, Deadline deadline)
      throws IOException {
    double trial = Math.min(TRIAL_SECONDS, TRIAL_SHARE * deadline.seconds());
    MachineSpeed speed = MachineSpeed.measure(recipe, digits, trial);
    OptionalInt wanted = judged == null ? OptionalInt.empty() : OptionalInt.of(judged);
    return QuickstartPlan.of(deadline, speed, recipe.sampling().steps(), wanted);
  }

  private static void introduce(
      ImageDataset digits, QuickstartPlan plan, TrainingRun run, Path folder) {
    System.out.printf(
        Locale.ROOT,
        "diffusion4j learns to draw digits. It will add noise to %,d handwritten digits and train%n"
            + "a network of %,d parameters to remove it, for %s on %s (about %,d images);%n"
            + "then pure noise becomes new digits, and %d of them are judged. Watch %s/samples.%n",
        digits.size(),
        run.trainer().parameterCount(),
        Durations.of(plan.trainingSeconds()),
        Threads.inWords(Engine.threads()),
        plan.images(),
        plan.judged(),
        folder);
  }

  private Outcome train(TrainingRun run, QuickstartPlan plan) throws IOException {
    try (StopSignal stop = StopSignal.listen();
        TrainingProgress progress = new TrainingProgress(Progress.of("train"), "images")) {
      run.train(
          stop,
          report -> {
            progress.onStep(report);
            drawNowAndThen(run, plan, report, progress);
          });
      if (stop.getAsBoolean()) {
        progress.say("stopped; checkpoint " + run.saveCheckpoint());
        return Outcome.STOPPED;
      }
      return Outcome.FINISHED;
    }
  }

  private void drawNowAndThen(
      TrainingRun run, QuickstartPlan plan, StepReport report, TrainingProgress progress) {
    int minute = plan.minutesPerGrid() * (grids.size() + 1);
    if (report.elapsedSeconds() < 60.0 * minute || report.progress() >= 1) {
      return;
    }
    try {
      QuickstartReport.Grid grid = new QuickstartReport.Grid(minute, run.writeSamples());
      grids.add(grid);
      progress.say(String.format(Locale.ROOT, "after %d min: %s", minute, grid.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
