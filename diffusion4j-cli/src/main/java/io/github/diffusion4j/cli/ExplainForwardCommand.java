package io.github.diffusion4j.cli;

import io.github.diffusion4j.Datasets;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
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

/** A picture of images dissolving into noise. */
@Command(
    name = "forward",
    description =
        "Draw images dissolving into noise with the histograms of their pixels, and print what is left of them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j explain forward --data path/to/images --n 4",
      "  ./diffusion4j explain forward --preset digits-quickstart --json -"
    })
final class ExplainForwardCommand implements Callable<Integer> {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Whose data and schedule; default: ${DEFAULT-VALUE}.")
  private String preset = "digits-quickstart";

  @Option(names = "--data", paramLabel = "SET", description = "Other images than the preset's.")
  private @Nullable String data;

  @Option(names = "--data-dir", paramLabel = "DIR", description = "Where the known sets lie.")
  private @Nullable Path dataDir;

  @Option(names = "--n", paramLabel = "COUNT", description = "How many; default: ${DEFAULT-VALUE}.")
  private int count = 8;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Mixin private final ExplainFiles files = new ExplainFiles("forward.png");

  @Override
  public Integer call() throws IOException {
    Arguments.atLeast("--n", count, 1);
    files.check();
    ExperimentConfig config = Presets.load(preset);
    if (data != null) {
      config = Overrides.apply(config, List.of("--data.source=" + data));
    }
    Datasets datasets =
        new Datasets(Optional.ofNullable(dataDir), DataProgress.to(System.out::println));
    ImageDataset images = datasets.open(config.data(), config.images());
    ForwardProcess process = FromConfig.process(config.process());
    try (Scope scope = Scope.open()) {
      Tensor x0 = ForwardStages.firstImages(images, Math.min(count, images.size()));
      ForwardStages stages = ForwardStages.of(process, x0, Seed.of(seed));
      print(process.schedule(), stages);
      files.write(ForwardPicture.draw(stages), stages.csv());
    }
    return 0;
  }

  private static void print(NoiseSchedule schedule, ForwardStages stages) {
    System.out.println("       t   of the image   of the noise           SNR        dB");
    for (ForwardStages.Stage stage : stages.stages()) {
      System.out.printf(
          Locale.ROOT,
          "%8d   %12.4f   %12.4f  %12.5g  %8.2f%n",
          stage.t(),
          schedule.sqrtAlphaBar(stage.t()),
          schedule.sqrtOneMinusAlphaBar(stage.t()),
          stage.snr(),
          stage.decibels());
    }
  }
}
