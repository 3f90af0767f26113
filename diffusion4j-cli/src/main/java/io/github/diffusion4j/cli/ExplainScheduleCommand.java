package io.github.diffusion4j.cli;

import io.github.diffusion4j.ScheduleWarnings;
import io.github.diffusion4j.cli.Charts.Curve;
import io.github.diffusion4j.cli.Charts.Scale;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.training.FromConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plots and tables of noise schedules. */
@Command(
    name = "schedule",
    description = "Plot beta, alpha-bar and the log signal-to-noise ratio of noise schedules.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j explain schedule --all",
      "  ./diffusion4j explain schedule --kinds cosine,linear --steps 100"
    })
final class ExplainScheduleCommand implements Callable<Integer> {
  private static final int POINTS = 250;
  private static final int ENDS = 10;

  /** More curves than this are told apart only in charts of their own. */
  private static final int IN_ONE_CHART = 8;

  @Option(
      names = "--kinds",
      split = ",",
      paramLabel = "KIND",
      converter = ScheduleKind.Converter.class,
      description = "Which ones: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private List<ScheduleKind> kinds =
      List.of(
          ScheduleKind.linear,
          ScheduleKind.scaled_linear,
          ScheduleKind.jsd,
          ScheduleKind.cosine,
          ScheduleKind.sigmoid,
          ScheduleKind.geodiff_sigmoid,
          ScheduleKind.laplace,
          ScheduleKind.zero_terminal_snr);

  @Option(names = "--all", description = "All of them.")
  private boolean all;

  @Option(names = "--steps", paramLabel = "T", description = "T; default: ${DEFAULT-VALUE}.")
  private int steps = 1000;

  @Option(names = "--out", paramLabel = "DIR", description = "Where to; default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("explain-schedule");

  @Mixin private final JsonOutput json = new JsonOutput();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Arguments.atLeast("--steps", steps, 1);
    Map<ScheduleKind, NoiseSchedule> schedules = new EnumMap<>(ScheduleKind.class);
    List<ScheduleKind> chosen = all ? List.of(ScheduleKind.values()) : kinds;
    chosen.forEach(kind -> schedules.put(kind, FromConfig.schedule(kind.of(steps))));
    OutputFile.requireFolder("--out", out);
    json.check();
    Files.createDirectories(out);
    plot(schedules, "beta", Scale.LOGARITHMIC, NoiseSchedule::beta);
    plot(schedules, "alphaBar", Scale.LINEAR, NoiseSchedule::alphaBar);
    plot(schedules, "logSnr", Scale.LINEAR, NoiseSchedule::logSnr);
    Csv numbers = ScheduleTable.csv(schedules);
    numbers.write(out.resolve("schedule.csv"));
    json.write(numbers.columns());
    schedules.forEach((kind, schedule) -> ScheduleTable.print(kind, schedule, System.out));
    System.out.printf(
        Locale.ROOT, "%nwrote beta.png, alphaBar.png, logSnr.png and schedule.csv into %s%n", out);
    for (ScheduleKind kind : schedules.keySet()) {
      List<String> warnings =
          ScheduleWarnings.of(kind.of(steps)).stream().map(text -> kind + ": " + text).toList();
      Warnings.print(warnings, spec.commandLine().getErr());
    }
    return 0;
  }

  private void plot(
      Map<ScheduleKind, NoiseSchedule> schedules,
      String name,
      Scale scale,
      ToDoubleBiFunction<NoiseSchedule, Integer> value)
      throws IOException {
    List<Curve> curves =
        schedules.entrySet().stream()
            .map(
                entry ->
                    curve(entry.getKey().toString(), t -> value.applyAsDouble(entry.getValue(), t)))
            .toList();
    String title = name + "(t)";
    Png.write(
        curves.size() <= IN_ONE_CHART
            ? Charts.lines(title, "t", scale, curves)
            : ChartGrid.draw(title, scale, curves),
        out.resolve(name + ".png"));
  }

  /**
   * A curve without the times at which it is infinite, as log SNR is when no signal is left. Of
   * many times only the steep ends are complete; a chart labels uneven times with round numbers.
   */
  private Curve curve(String name, IntToDoubleFunction value) {
    int stride = Math.max(1, steps / POINTS);
    int[] t =
        IntStream.rangeClosed(1, steps)
            .filter(time -> time <= ENDS || time > steps - ENDS || time % stride == 0)
            .filter(time -> Double.isFinite(value.applyAsDouble(time)))
            .toArray();
    return new Curve(
        name,
        IntStream.of(t).asDoubleStream().toArray(),
        IntStream.of(t).mapToDouble(value).toArray());
  }
}
