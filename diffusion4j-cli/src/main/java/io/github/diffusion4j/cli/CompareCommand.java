package io.github.diffusion4j.cli;

import io.github.diffusion4j.ComparedModel;
import io.github.diffusion4j.ModelComparison;
import io.github.diffusion4j.RealImages;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.evaluation.FeatureNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures several models in the same way. */
@Command(
    name = "compare",
    description = "Measure models of any family in the same way, and write a report of one page.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j compare runs/ddpm runs/vae --data mnist --out report.html",
      "  ./diffusion4j compare runs/a runs/b --data digits --n 2000 --json -"
    })
final class CompareCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Run directories, checkpoints, or diffusers folders.")
  private List<Path> models = new ArrayList<>();

  @Mixin private final EvaluationOptions options = new EvaluationOptions();

  @Option(
      names = "--n",
      paramLabel = "N",
      description = "Samples of each model; default: ${DEFAULT-VALUE}.")
  private int count = 10_000;

  @Option(
      names = "--bound",
      paramLabel = "IMAGES",
      description = {
        "Measure the variational bound on so many held-out images, where there is one;",
        "0 measures none. Default: ${DEFAULT-VALUE}."
      })
  private int boundImages = 128;

  @Option(
      names = "--out",
      paramLabel = "FILE.html",
      description = "The report; default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("report.html");

  @Mixin private final JsonOutput json = new JsonOutput();

  @Override
  public Integer call() throws IOException {
    options.check();
    Arguments.atLeast("--n", count, 2);
    if (boundImages < 0 || boundImages == 1) {
      throw Arguments.wrong("--bound", boundImages, "0, or 2 or more");
    }
    if (!FileEnding.is(out, ".html")) {
      throw Arguments.wrong("--out", out, "a name ending in .html");
    }
    OutputFile.require("--out", out);
    json.check();
    if (!options.hasData()) {
      throw new UserException("--data is needed, to say what the models are compared with");
    }
    for (Path model : models) {
      ModelSource.resolve(model); // now, not when the others are measured
    }
    try (FeatureNet net = options.openNet();
        Progress progress = Progress.onErrors("compare")) {
      RealImages real = options.real(progress).orElseThrow();
      ModelComparison comparison =
          new ModelComparison(
              options.evaluation(net, progress),
              real,
              options.metrics(),
              count,
              options.sampling().seed(),
              options.batch(),
              options.sampling().drawing(progress::say),
              boundImages);
      for (Path model : models) {
        comparison
            .require(model)
            .flatMap(SamplingOptions::note)
            .ifPresent(note -> progress.say(model + ": " + note));
      }
      List<String> names = ModelComparison.names(models);
      List<ComparedModel> compared = new ArrayList<>();
      for (Path model : models) {
        progress.say(
            String.format(Locale.ROOT, "%d of %d: %s", compared.size() + 1, models.size(), model));
        compared.add(comparison.measure(names.get(compared.size()), model));
        new EvaluationTable(compared.get(compared.size() - 1).report()).print(System.out);
        System.out.println();
      }
      OutputFile.makeFolder(out);
      new ComparisonReport(compared).write(out);
      json.write(compared.stream().map(CompareCommand::numbers).toList());
    }
    System.out.println("report: " + out);
    return 0;
  }

  private static Map<String, Object> numbers(ComparedModel model) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("name", model.name());
    numbers.put("manner", model.manner());
    numbers.put("parameters", model.parameters());
    numbers.put("report", model.report());
    numbers.put("classes", model.classes());
    numbers.put("trainingSeconds", model.trainingSeconds());
    numbers.put("secondsPerImage", model.secondsPerImage());
    numbers.put("bound", model.bound());
    return numbers;
  }
}
