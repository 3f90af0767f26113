package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.SampleRequest;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Scope;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a trained network sees while noise becomes images. */
@Command(
    name = "reverse",
    description =
        "Draw noise becoming images, and what a trained model takes them to be meanwhile.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  ./diffusion4j explain reverse --model runs/mnist --sampler ddim"})
final class ExplainReverseCommand implements Callable<Integer> {
  @Mixin private final ModelOption source = new ModelOption();

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; default: ddpm.",
      converter = SamplingOptions.SamplerName.class,
      completionCandidates = SamplingOptions.SamplerName.class)
  private SamplingConfig.Sampler sampler = SamplingConfig.Sampler.DDPM;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Denoising steps; default: all, at most 100.")
  private @Nullable Integer steps;

  @Option(names = "--n", paramLabel = "COUNT", description = "Samples; default: ${DEFAULT-VALUE}.")
  private int count = 4;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Mixin private final ExplainFiles files = new ExplainFiles("reverse.png");

  @Override
  public Integer call() throws IOException {
    files.check();
    Arguments.atLeast("--n", count, 1);
    try (DiffusionModel opened = DiffusionModel.open(source.path());
        ReverseStages stages = new ReverseStages(count);
        Scope scope = Scope.open()) {
      if (!opened.isOfImages()) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "--model is %s, a model of points; allowed: models of images (for points: explain flow)",
                source.path()));
      }
      int number = Arguments.steps(steps, 100, opened.process().schedule().steps());
      SamplingConfig sampling =
          new SamplingConfig(sampler, number, 0, SamplingConfig.Spacing.suiting(sampler));
      opened.sample(new SampleRequest(seed, 0, count, Optional.empty()), sampling, stages);
      print(stages);
      files.write(ReversePicture.draw(stages), stages.csv());
    }
    return 0;
  }

  private static void print(ReverseStages stages) {
    System.out.println("  step        t   variance of x_t   of the estimate   its mean change");
    int every = Math.max(1, stages.rows().size() / 10);
    for (ReverseStages.Row row : stages.rows()) {
      if ((row.number() - 1) % every == 0) {
        System.out.printf(
            Locale.ROOT,
            "%6d %8.0f %17.4f %17.4f %17s%n",
            row.number(),
            row.t(),
            row.variance(),
            row.x0Variance(),
            row.change().isPresent()
                ? String.format(Locale.ROOT, "%.4f", row.change().getAsDouble())
                : "");
      }
    }
  }
}
