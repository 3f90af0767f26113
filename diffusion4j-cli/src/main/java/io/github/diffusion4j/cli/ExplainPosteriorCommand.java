package io.github.diffusion4j.cli;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Why a step back needs to know x₀. */
@Command(
    name = "posterior",
    description =
        "Draw where a noisy number came from: a Gaussian if x_0 is known; without it only for a small step.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  ./diffusion4j explain posterior --x0 0.5 --xt 0 --t 100,500"})
final class ExplainPosteriorCommand implements Callable<Integer> {
  private static final double[] DEFAULT_TIMES = {0.1, 0.25, 0.5};
  private static final double[] LENGTHS = {0, 0.25, 0.5, 0.9};

  @Option(
      names = "--data",
      paramLabel = "NAME",
      description = "The law of x_0, points on a line; default: ${DEFAULT-VALUE}.")
  private String data = "two-gaussians";

  @Option(names = "--x0", paramLabel = "X", description = "x_0; default: ${DEFAULT-VALUE}.")
  private double x0 = 0.5;

  @Option(names = "--xt", paramLabel = "X", description = "x_t; default: ${DEFAULT-VALUE}.")
  private double xt = 0;

  @Option(
      names = "--t",
      split = ",",
      paramLabel = "T",
      description =
          "The times of x_t, 2 or more; default: a tenth, a fourth and half of all steps.")
  private @Nullable List<Integer> times;

  @Mixin private final ScheduleOptions schedule = new ScheduleOptions();

  @Mixin private final ExplainFiles files = new ExplainFiles("posterior.png");

  @Option(
      names = "--factors-csv",
      paramLabel = "FILE",
      description = "The factors of the mean at all times; default: not written.")
  private @Nullable Path factors;

  @Override
  public Integer call() throws IOException {
    files.check();
    if (factors != null) {
      OutputFile.require("--factors-csv", factors);
    }
    Arguments.finite("--x0", x0);
    Arguments.finite("--xt", xt);
    GaussianMixture law =
        PointLaw.of(PointLaw.named("--data", data, 1), 0, 0, Seed.of(0)); // exact on a line
    NoiseSchedule process = schedule.of();
    List<List<StepBack>> rows = new ArrayList<>();
    for (int t : times(process.steps())) {
      rows.add(
          Arrays.stream(LENGTHS)
              .mapToInt(part -> Math.max(1, Math.min(t - 1, (int) Math.rint(t * (1 - part)))))
              .mapToObj(s -> StepBack.of(law, process, t, s, x0, xt))
              .toList());
    }
    rows.forEach(row -> row.forEach(ExplainPosteriorCommand::print));
    files.write(PosteriorPicture.draw(rows, process), csv(rows));
    if (factors != null) {
      ExplainFiles.write(factors(process), factors);
    }
    return 0;
  }

  private List<Integer> times(int steps) {
    if (times == null) {
      return Arrays.stream(DEFAULT_TIMES)
          .mapToObj(part -> Math.max(2, (int) Math.rint(part * steps)))
          .distinct()
          .toList();
    }
    for (int t : times) {
      if (t < 2 || t > steps) {
        throw Arguments.wrong("--t", t, "2…" + steps);
      }
    }
    return times;
  }

  private static void print(StepBack step) {
    System.out.printf(
        Locale.ROOT,
        "t = %4d to s = %4d: knowing x_0 mean %8.4f, deviation %.4f; not knowing it %.3f away from a Gaussian%n",
        step.t(),
        step.s(),
        step.knowing().mean().get(0),
        Math.sqrt(step.knowing().variance()),
        step.distanceFromGaussian());
  }

  private static Csv csv(List<List<StepBack>> rows) {
    Csv csv = Csv.of("t,s,x,knowing_x0,not_knowing_x0,nearest_gaussian");
    for (List<StepBack> row : rows) {
      for (StepBack step : row) {
        for (int i = 0; i < step.x().length; i++) {
          csv.row(
              step.t(),
              step.s(),
              step.x()[i],
              step.ofKnowing()[i],
              step.ofIgnorant()[i],
              step.ofGaussian()[i]);
        }
      }
    }
    return csv;
  }

  private static Csv factors(NoiseSchedule schedule) {
    Posterior posterior = new Posterior(schedule);
    Csv csv = Csv.of("t,x0_factor,xt_factor,beta_tilde,beta");
    for (int t = 1; t <= schedule.steps(); t++) {
      csv.row(
          t,
          posterior.x0Coefficient(t),
          posterior.xtCoefficient(t),
          schedule.betaTilde(t),
          schedule.beta(t));
    }
    return csv;
  }
}
