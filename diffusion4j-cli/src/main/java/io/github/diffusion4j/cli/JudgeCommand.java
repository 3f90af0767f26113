package io.github.diffusion4j.cli;

import io.github.diffusion4j.Datasets;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.data.KnownDataset;
import io.github.diffusion4j.data.Split;
import io.github.diffusion4j.evaluation.DigitJudge;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.ClassifierTraining;
import io.github.diffusion4j.training.LabeledDigits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains the digit classifier that judges the quickstart. */
@Command(
    name = "judge",
    description = "Train the digit classifier that judges generated digits; one comes built in.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j judge --data-dir path/to/data --out judge.safetensors"
    })
final class JudgeCommand implements Callable<Integer> {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where mnist/ lies; default: download it.")
  private @Nullable Path dataDir;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Option(names = "--out", paramLabel = "FILE", description = "Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("digit-judge.safetensors");

  @Mixin private final JsonOutput json = new JsonOutput();

  @Override
  public Integer call() throws IOException {
    OutputFile.require("--out", out);
    json.check();
    Datasets datasets =
        new Datasets(Optional.ofNullable(dataDir), DataProgress.to(System.out::println));
    LabeledDigits train = LabeledDigits.read(datasets.open(KnownDataset.MNIST, Split.TRAIN));
    LabeledDigits test = LabeledDigits.read(datasets.open(KnownDataset.MNIST, Split.TEST));
    try (Progress progress = Progress.of("judge")) {
      ClassifierTraining.Result result =
          ClassifierTraining.train(
              train,
              test,
              ClassifierTraining.DEFAULT,
              Seed.of(seed),
              step ->
                  progress.show(
                      (double) step.step() / step.steps(),
                      String.format(Locale.ROOT, "loss %.4f", step.loss())));
      String accuracy = String.format(Locale.ROOT, "%.2f %%", 100 * result.testAccuracy());
      try (DigitJudge judge = DigitJudge.fitted(result.classifier(), train.batches());
          Scope scope = Scope.open()) {
        OutputFile.makeFolder(out);
        Safetensors.write(
            out,
            judge.tensors(),
            Map.of(
                "data",
                "MNIST, 60,000 training images",
                "test_accuracy",
                accuracy,
                "seed",
                Long.toString(seed),
                "threads",
                Integer.toString(Engine.threads()),
                "command",
                "diffusion4j judge"));
      }
      progress.say(
          String.format(
              Locale.ROOT, "reads %s of MNIST's test images correctly: %s", accuracy, out));
      json.write(new Trained(out.toString(), seed, result.testAccuracy()));
    }
    return 0;
  }

  /** What was trained, for programs. */
  private record Trained(String out, long seed, double testAccuracy) {}
}
