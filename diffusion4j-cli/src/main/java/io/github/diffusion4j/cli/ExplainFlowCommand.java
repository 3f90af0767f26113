package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.KnownPoints;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.MixtureDenoiser;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.FromConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All of a diffusion model of points: densities, scores and paths. */
@Command(
    name = "flow",
    description = "Draw points on a line or in the plane flowing from data to noise and back.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j explain flow --data moons --out moons.png",
      "  ./diffusion4j explain flow --data three-gaussians --csv paths.csv"
    })
final class ExplainFlowCommand implements Callable<Integer> {
  private static final int LINE_PATHS = 14;
  private static final int PLANE_PATHS = 150;

  @Option(
      names = "--data",
      paramLabel = "NAME",
      description =
          "On a line: two-gaussians (the default) or three-gaussians; in the plane: moons, swiss-roll, eight-gaussians, spiral or checkerboard.")
  private String data = "two-gaussians";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A model trained on these data; default: the exact score of the data.")
  private @Nullable Path model;

  @Mixin private final ScheduleOptions schedule = new ScheduleOptions();

  @Option(
      names = "--t",
      split = ",",
      paramLabel = "T",
      description = "The times to show in the plane; default: five from little to much noise.")
  private @Nullable List<Integer> times;

  @Option(
      names = "--paths",
      paramLabel = "N",
      description =
          "How many paths; default: " + LINE_PATHS + ", in the plane " + PLANE_PATHS + ".")
  private @Nullable Integer paths;

  @Option(
      names = "--points",
      paramLabel = "N",
      description =
          "Draws that stand for data with no exact score, each blurred by --blur; default: ${DEFAULT-VALUE}.")
  private int points = 2000;

  @Option(names = "--blur", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private double blur = 0.04;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Mixin private final ExplainFiles files = new ExplainFiles("flow.png");

  @Option(
      names = "--density-csv",
      paramLabel = "FILE",
      description = "The densities of the heat maps; --csv has the paths.")
  private @Nullable Path density;

  @Override
  public Integer call() throws IOException {
    files.check();
    if (density != null) {
      OutputFile.require("--density-csv", density);
    }
    Arguments.atLeast("--points", points, 1);
    Arguments.above("--blur", blur, 0);
    if (paths != null) {
      Arguments.atLeast("--paths", paths, 1);
    }
    KnownPoints known = PointLaw.named("--data", data, 1, 2);
    GaussianMixture law = PointLaw.of(known, points, blur, Seed.of(seed).derive("points"));
    if (model == null) {
      draw(law, schedule.of(), new MixtureDenoiser(law));
      return 0;
    }
    try (DiffusionModel opened = DiffusionModel.open(model)) {
      requireFit(opened, known);
      draw(
          law,
          FromConfig.schedule(opened.process().schedule()),
          opened.denoiser(Optional.empty(), opened.process().x0Range()));
    }
    return 0;
  }

  private void requireFit(DiffusionModel opened, KnownPoints known) {
    schedule.refuse("--model");
    if (!(opened.network().config() instanceof MlpConfig points)
        || points.dimensions() != known.dimensions()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--model is %s, whose samples are %s; allowed for --data %s: a model of points of %d dimensions",
              model,
              opened.network().config().sampleShape(),
              known.id(),
              known.dimensions()));
    }
  }

  private void draw(GaussianMixture law, NoiseSchedule process, Denoiser denoiser)
      throws IOException {
    boolean onALine = law.dimensions() == 1;
    int count = paths == null ? (onALine ? LINE_PATHS : PLANE_PATHS) : paths;
    List<Integer> shown = times(process);
    Flow flow = Flow.of(law, process, denoiser, count, Seed.of(seed));
    Csv densities;
    if (onALine) {
      LineFlow line = LineFlow.of(flow);
      files.write(LineFlowPicture.draw(flow, line), flow.paths());
      densities = line.csv();
    } else {
      PlaneFlow plane = PlaneFlow.of(flow, denoiser, shown);
      files.write(PlaneFlowPicture.draw(flow, plane), flow.paths());
      densities = plane.csv();
    }
    if (density != null) {
      ExplainFiles.write(densities, density);
    }
  }

  private List<Integer> times(NoiseSchedule process) {
    if (times == null) {
      return PlaneFlow.times(process);
    }
    for (int t : times) {
      if (t < 1 || t > process.steps()) {
        throw Arguments.wrong("--t", t, "1…" + process.steps());
      }
    }
    return times;
  }
}
