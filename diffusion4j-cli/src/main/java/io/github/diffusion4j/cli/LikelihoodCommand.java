package io.github.diffusion4j.cli;

import io.github.diffusion4j.Datasets;
import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.ModelLikelihood;
import io.github.diffusion4j.ModelLikelihood.BoundOptions;
import io.github.diffusion4j.ModelLikelihood.Dequantizer;
import io.github.diffusion4j.ModelLikelihood.FlowOptions;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.Split;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.likelihood.BitsPerDimension;
import io.github.diffusion4j.likelihood.BoundTable;
import io.github.diffusion4j.likelihood.ProbabilityFlowLikelihood;
import io.github.diffusion4j.torch.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how probable a model finds images. */
@Command(
    name = "likelihood",
    description = "Measure the likelihood of images, in bits per dimension.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j likelihood --model runs/mnist --data mnist --csv terms.csv",
      "  ./diffusion4j likelihood --model runs/mnist --data mnist --method vlb"
    })
final class LikelihoodCommand implements Callable<Integer> {
  /** What is measured. */
  enum Method {
    vlb,
    ode,
    both
  }

  @Mixin private final ModelOption source = new ModelOption();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "NAME|DIR|ZIP",
      description = "mnist, fashion-mnist, cifar10, digits, or a folder or zip file of images.")
  private String data = "";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the known sets lie; default: download.")
  private @Nullable Path dataDir;

  @Option(names = "--split", description = "train or test; default: test, where there is one.")
  private @Nullable Split split;

  @Option(
      names = "--method",
      description =
          "vlb (the variational bound), ode (the likelihood of the probability-flow ODE) or both; default: ${DEFAULT-VALUE}.")
  private Method method = Method.both;

  @Option(names = "--n", paramLabel = "IMAGES", description = "Default: ${DEFAULT-VALUE}.")
  private int count = 256;

  @Option(
      names = "--times",
      paramLabel = "K",
      description = "Times per image for the bound, T for all; default: ${DEFAULT-VALUE}.")
  private int times = 100;

  @Option(
      names = "--draws",
      paramLabel = "D",
      description =
          "How often for each image; 2 or more tell the noise's part of the error. Default: ${DEFAULT-VALUE}.")
  private int draws = 1;

  @Option(
      names = "--decoder",
      description =
          "exact, or tanh as papers measured with (third decimal); default: ${DEFAULT-VALUE}.")
  private DiscretizedDecoder decoder = DiscretizedDecoder.EXACT;

  @Option(
      names = "--variance",
      description =
          "beta, beta-tilde, or learned or learned-range where the model has that; default: the model's.")
  private @Nullable VarianceChoice variance;

  @Option(
      names = "--x0-range",
      description = "clip-to-data or unbounded, for the bound; default: the model's.")
  private @Nullable X0Range range;

  @Option(
      names = "--dequantize",
      description =
          "uniform (noise within a gray level) or first-step (of the process, taken back by the decoder), for the ODE; default: ${DEFAULT-VALUE}.")
  private Dequantizer dequantizer = Dequantizer.UNIFORM;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the ODE, 4 evaluations each; default: ${DEFAULT-VALUE}.")
  private int steps = ProbabilityFlowLikelihood.ENOUGH_STEPS;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write every term to this file.")
  private @Nullable Path csv;

  @Mixin private final JsonOutput json = new JsonOutput();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Arguments.atLeast("--n", count, 2);
    Arguments.atLeast("--times", times, 2);
    Arguments.atLeast("--draws", draws, 1);
    Arguments.atLeast("--steps", steps, 1);
    if (csv != null) {
      OutputFile.require("--csv", csv);
    }
    json.check();
    Path folder = ModelSource.resolve(source.path());
    Optional<String> family = BaselineFolder.family(folder);
    if (family.isPresent()) {
      BoundOfAutoencoder.requireOptions(spec.commandLine().getParseResult(), family.get());
      json.write(
          new BoundOfAutoencoder(folder, count, draws, seed)
              .print(datasets(), data, Optional.ofNullable(split), System.out));
      return 0;
    }
    try (DiffusionModel opened = DiffusionModel.open(source.path());
        Scope scope = Scope.open()) {
      ModelLikelihood likelihood = new ModelLikelihood(opened, open(opened), count, seed);
      BoundOptions bound =
          new BoundOptions(
              variance == null ? opened.process().variance() : variance,
              range == null ? opened.process().x0Range() : range,
              decoder,
              times,
              draws);
      LikelihoodReport report =
          new LikelihoodReport(
              method == Method.ode ? Optional.empty() : Optional.of(bound(likelihood, bound)),
              method == Method.vlb ? Optional.empty() : Optional.of(flow(likelihood, bound)));
      report.print(System.out, likelihood.images());
      if (csv != null) {
        AtomicFile.write(csv, report.csv());
        System.out.printf(Locale.ROOT, "wrote %s%n", csv);
      }
      json.write(report.numbers(likelihood.images()));
    }
    return 0;
  }

  private ImageDataset open(DiffusionModel opened) throws IOException {
    if (!(opened.network().config() instanceof ImageModelConfig shape)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--model is %s, a model of points; allowed: a model of images",
              source.path()));
    }
    return datasets().open(data, Optional.ofNullable(split), shape);
  }

  private Datasets datasets() {
    return new Datasets(Optional.ofNullable(dataDir), DataProgress.to(System.out::println));
  }

  private static BoundTable bound(ModelLikelihood likelihood, BoundOptions options) {
    try (Progress progress = Progress.of("bound")) {
      return likelihood.bound(
          options,
          done ->
              progress.show(done, String.format(Locale.ROOT, "%d images", likelihood.images())));
    }
  }

  private BitsPerDimension flow(ModelLikelihood likelihood, BoundOptions firstStep) {
    try (Progress progress = Progress.of("ode")) {
      return likelihood.flow(
          new FlowOptions(dequantizer, steps, draws),
          firstStep,
          done ->
              progress.show(done, String.format(Locale.ROOT, "%d images", likelihood.images())));
    }
  }
}
