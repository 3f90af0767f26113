package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.Charts.Curve;
import io.github.diffusion4j.cli.Charts.Scale;
import io.github.diffusion4j.config.SamplingConfig.Sampler;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.torch.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures all samplers on data for which the right answer is known. */
@Command(
    name = "samplers",
    description = {
      "Measure every sampler on a mixture of Gaussians, for which the best denoiser is known.",
      "order: how fast the distance to the exact flow falls with more steps.",
      "flow: that distance.  law: how far the samples are from the data (sliced Wasserstein).",
      "Each sampler has its default spacing, on the paper's linear schedule and on the cosine one."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  ./diffusion4j explain samplers --n 2000 --out samplers"})
final class ExplainSamplersCommand implements Callable<Integer> {
  private static final int[] STEPS = {10, 20, 50};

  @Option(
      names = "--n",
      paramLabel = "COUNT",
      description = "Samples whose law is compared; default: ${DEFAULT-VALUE}.")
  private int count = 20_000;

  @Option(names = "--out", paramLabel = "DIR", description = "Where to; default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("explain-samplers");

  private static final ScheduleConfig LINEAR = new ScheduleConfig.Linear(1000, 1e-4, 0.02);
  private static final ScheduleConfig COSINE = new ScheduleConfig.Cosine(1000);
  @Mixin private final JsonOutput json = new JsonOutput();

  /** One row of the table. */
  private record Row(
      String schedule,
      String name,
      OptionalDouble order,
      List<OptionalDouble> flow,
      List<Double> law) {}

  /** Everything, for programs. */
  private record Measured(int[] steps, List<Row> samplers, double floor) {}

  @Override
  public Integer call() throws IOException {
    Arguments.atLeast("--n", count, 2);
    OutputFile.requireFolder("--out", out);
    json.check();
    try (Progress progress = Progress.of("samplers");
        Scope scope = Scope.open()) {
      SamplerTrial linear = new SamplerTrial(LINEAR, count);
      SamplerTrial cosine = new SamplerTrial(COSINE, count);
      List<Row> rows = new ArrayList<>();
      for (Sampler sampler : Sampler.values()) {
        progress.show((double) rows.size() / (2 * Sampler.values().length), Word.of(sampler));
        rows.add(row("linear", linear, sampler, linear.order(sampler)));
      }
      for (Sampler sampler : Sampler.values()) { // orders are of continuous time, and stand above
        progress.show((double) rows.size() / (2 * Sampler.values().length), Word.of(sampler));
        rows.add(row("cosine", cosine, sampler, OptionalDouble.empty()));
      }
      print(rows, linear.floor());
      Files.createDirectories(out);
      AtomicFile.write(out.resolve("samplers.csv"), csv(rows));
      json.write(new Measured(STEPS, rows, linear.floor()));
      Png.write(chart(linear), out.resolve("samplers.png"));
    }
    System.out.printf(Locale.ROOT, "%nwrote samplers.csv and samplers.png into %s%n", out);
    return 0;
  }

  private static Row row(
      String schedule, SamplerTrial trial, Sampler sampler, OptionalDouble order) {
    return new Row(
        schedule,
        Word.of(sampler),
        order,
        IntStream.of(STEPS).mapToObj(steps -> trial.flow(sampler, steps)).toList(),
        IntStream.of(STEPS).mapToObj(steps -> trial.law(sampler, steps)).toList());
  }

  private static void print(List<Row> rows, double floor) {
    System.out.printf(
        Locale.ROOT,
        "%n%-8s %-20s %5s   %8s %8s %8s   %7s %7s %7s%n",
        "schedule",
        "sampler",
        "order",
        "flow 10",
        "20",
        "50",
        "law 10",
        "20",
        "50");
    for (Row row : rows) {
      System.out.printf(
          Locale.ROOT, "%-8s %-20s %5s  ", row.schedule(), row.name(), number("%.2f", row.order()));
      row.flow().forEach(error -> System.out.printf(Locale.ROOT, " %8s", number("%.2g", error)));
      System.out.print("  ");
      row.law().forEach(error -> System.out.printf(Locale.ROOT, " %7.3f", error));
      System.out.println();
    }
    System.out.printf(
        Locale.ROOT,
        "%-8s %-20s %5s   %8s %8s %8s   %7.3f%n",
        "",
        "two fresh samples",
        "",
        "",
        "",
        "",
        floor);
  }

  private static String csv(List<Row> rows) {
    StringBuilder csv =
        new StringBuilder("schedule,sampler,order,flow10,flow20,flow50,law10,law20,law50\n");
    for (Row row : rows) {
      csv.append(row.schedule()).append(',').append(row.name());
      csv.append(',').append(number("%.6g", row.order()));
      row.flow().forEach(error -> csv.append(',').append(number("%.6g", error)));
      row.law().forEach(error -> csv.append(String.format(Locale.ROOT, ",%.6g", error)));
      csv.append('\n');
    }
    return csv.toString();
  }

  private static String number(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "";
  }

  private static java.awt.image.BufferedImage chart(SamplerTrial trial) {
    List<Curve> curves = new ArrayList<>();
    for (Sampler sampler : SamplerTrial.DETERMINISTIC) {
      double[] steps = {6, 8, 11, 16, 23, 32, 45, 64, 90, 128};
      double[] errors =
          IntStream.range(0, steps.length)
              .mapToDouble(i -> trial.smoothError(sampler, (int) steps[i]))
              .toArray();
      curves.add(new Curve(Word.of(sampler), steps, errors));
    }
    return Charts.lines(
        "distance from the exact flow, steps equal in ln σ", "steps", Scale.LOGARITHMIC, curves);
  }
}
