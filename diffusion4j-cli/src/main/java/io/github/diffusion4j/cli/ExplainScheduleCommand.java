package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.Charts.Curve;
import io.github.diffusion4j.cli.Charts.Scale;
import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.GeoDiffSigmoidSchedule;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ScaledLinearSchedule;
import io.github.diffusion4j.diffusion.SigmoidSchedule;
import io.github.diffusion4j.image.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plots and tables of noise schedules. */
@Command(
    name = "schedule",
    description = "Plot beta, alpha-bar and the signal-to-noise ratio of noise schedules.",
    mixinStandardHelpOptions = true)
final class ExplainScheduleCommand implements Callable<Integer> {
  /** The schedules that can be named. */
  enum Kind {
    linear,
    scaled_linear,
    cosine,
    sigmoid,
    geodiff_sigmoid;

    NoiseSchedule of(int steps) {
      return switch (this) {
        case linear -> LinearSchedule.of(steps, 1e-4, 0.02);
        case scaled_linear -> ScaledLinearSchedule.of(steps, 1e-4, 0.02);
        case cosine -> CosineSchedule.of(steps);
        case sigmoid -> SigmoidSchedule.of(steps);
        case geodiff_sigmoid -> GeoDiffSigmoidSchedule.of(steps, 1e-4, 0.02);
      };
    }
  }

  private static final int ROWS = 10;

  @Option(
      names = "--kinds",
      split = ",",
      paramLabel = "KIND",
      description = "Which ones: ${COMPLETION-CANDIDATES}; default: all.")
  private List<Kind> kinds = List.of(Kind.values());

  @Option(names = "--steps", paramLabel = "T", description = "T; default: ${DEFAULT-VALUE}.")
  private int steps = 1000;

  @Option(names = "--out", paramLabel = "DIR", description = "Where to; default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("explain-schedule");

  @Override
  public Integer call() throws IOException {
    Arguments.atLeast("--steps", steps, 1);
    Map<Kind, NoiseSchedule> schedules = new EnumMap<>(Kind.class);
    kinds.forEach(kind -> schedules.put(kind, kind.of(steps)));
    Files.createDirectories(out);
    plot(schedules, "beta", Scale.LOGARITHMIC, NoiseSchedule::beta);
    plot(schedules, "alphaBar", Scale.LINEAR, NoiseSchedule::alphaBar);
    plot(schedules, "snr", Scale.LOGARITHMIC, NoiseSchedule::snr);
    Files.writeString(out.resolve("schedule.csv"), csv(schedules));
    schedules.forEach(this::print);
    System.out.printf("wrote beta.png, alphaBar.png, snr.png and schedule.csv into %s%n", out);
    return 0;
  }

  private void plot(
      Map<Kind, NoiseSchedule> schedules,
      String name,
      Scale scale,
      ToDoubleBiFunction<NoiseSchedule, Integer> value)
      throws IOException {
    double[] t = IntStream.rangeClosed(1, steps).asDoubleStream().toArray();
    List<Curve> curves =
        schedules.entrySet().stream()
            .map(
                entry ->
                    new Curve(
                        entry.getKey().name(),
                        t,
                        IntStream.rangeClosed(1, steps)
                            .mapToDouble(s -> value.applyAsDouble(entry.getValue(), s))
                            .toArray()))
            .toList();
    Png.write(Charts.lines(name + "(t)", "t", scale, curves), out.resolve(name + ".png"));
  }

  private String csv(Map<Kind, NoiseSchedule> schedules) {
    StringBuilder csv = new StringBuilder("kind,t,beta,alpha_bar,snr,beta_tilde\n");
    schedules.forEach(
        (kind, schedule) -> {
          for (int t = 1; t <= steps; t++) {
            csv.append(kind).append(',').append(t);
            csv.append(',').append(schedule.beta(t)).append(',').append(schedule.alphaBar(t));
            csv.append(',').append(schedule.snr(t)).append(',').append(schedule.betaTilde(t));
            csv.append('\n');
          }
        });
    return csv.toString();
  }

  private void print(Kind kind, NoiseSchedule schedule) {
    System.out.printf("%n%s, T = %d%n", kind, steps);
    System.out.println("       t          beta      alphaBar           SNR     betaTilde");
    for (int row = 0; row <= ROWS; row++) {
      int t = Math.max(1, Math.round((float) steps * row / ROWS));
      System.out.printf(
          Locale.ROOT,
          "%8d  %12.5g  %12.5g  %12.5g  %12.5g%n",
          t,
          schedule.beta(t),
          schedule.alphaBar(t),
          schedule.snr(t),
          schedule.betaTilde(t));
    }
    System.out.printf(
        Locale.ROOT,
        "at T an image keeps %.3g %% of its amplitude%n",
        100 * schedule.sqrtAlphaBar(steps));
  }
}
