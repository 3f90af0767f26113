package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.ImageGenerator;
import io.github.diffusion4j.ImageGenerators;
import io.github.diffusion4j.SampleRequest;
import io.github.diffusion4j.SamplingChoice;
import io.github.diffusion4j.SavedPoints;
import io.github.diffusion4j.SavedSamples;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws images or points from a trained model. */
@Command(
    name = "sample",
    description = "Draw images, or points, from a trained model.",
    mixinStandardHelpOptions = true)
final class SampleCommand implements Callable<Integer> {
  private static final int IMAGES_AT_ONCE = 64;
  private static final int POINTS_AT_ONCE = 10_000;

  @Mixin private final ModelOption source = new ModelOption();

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; default: what the model's folder says.",
      converter = SamplerName.class,
      completionCandidates = SamplerName.class)
  private SamplingConfig.@Nullable Sampler sampler;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = {
        "Denoising steps; default: all for ddpm,",
        "20 levels for langevin, 50 for others."
      })
  private @Nullable Integer steps;

  @Option(names = "--eta", description = "Fresh noise of ddim, 0 to 1; default: ${DEFAULT-VALUE}.")
  private double eta = 0;

  @Option(
      names = "--spacing",
      description = "Noise levels for --sampler: ${COMPLETION-CANDIDATES}; default: trailing.",
      converter = SpacingName.class,
      completionCandidates = SpacingName.class)
  private SamplingConfig.@Nullable Spacing spacing;

  @Option(
      names = "--respacing",
      paramLabel = "SPEC",
      description = {
        "In place of --steps and --spacing, as guided-diffusion's timestep_respacing:",
        "steps of equal parts of the process such as 10,20,30, the cleanest first, or ddim50."
      })
  private @Nullable String respacing;

  @Option(names = "--n", paramLabel = "COUNT", description = "How many; default: ${DEFAULT-VALUE}.")
  private int count = 64;

  @Option(names = "--seed", paramLabel = "S", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 0;

  @Option(names = "--label", paramLabel = "CLASS", description = "The class to draw; default: all.")
  private @Nullable Integer label;

  @Option(names = "--batch", paramLabel = "N", description = "Samples at once; default: 64 images.")
  private @Nullable Integer batch;

  @Option(
      names = "--engine",
      description = "What computes the network: ${COMPLETION-CANDIDATES}; default: torch.",
      converter = EngineName.class,
      completionCandidates = EngineName.class)
  private InferenceEngine engine = InferenceEngine.TORCH;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE|DIR",
      description = {
        "Images: a .png gets a grid, a .npy all pixels, a directory one .png each.",
        "Points: a .csv or .npy gets all numbers, a .png a scatter plot."
      })
  private Path out = Path.of(".");

  @Override
  public Integer call() throws IOException {
    Arguments.atLeast("--n", count, 1);
    if (batch != null) {
      Arguments.atLeast("--batch", batch, 1);
    }
    requireKnownEnding();
    long start = System.nanoTime();
    Optional<String> family = BaselineFolder.family(ModelSource.resolve(source.path()));
    if (family.isPresent()) {
      drawInOnePass(family.get());
      return 0;
    }
    try (DiffusionModel stored = DiffusionModel.open(source.path());
        InferenceEngine.Running running = engine.start(stored);
        Progress progress = Progress.of("sample");
        Scope scope = Scope.open()) {
      DiffusionModel opened = running.model();
      SamplingChoice.Way way = choice().in(opened);
      Kind kind = Kind.of(opened, out);
      int atOnce = batch != null ? batch : kind.atOnce();
      Trace trace = new Trace();
      List<Tensor> parts = new ArrayList<>();
      for (int first = 0; first < count; first += atOnce) {
        int begun = first;
        int size = Math.min(atOnce, count - first);
        SampleRequest request = new SampleRequest(seed, first, size, Optional.ofNullable(label));
        parts.add(
            way.draw(
                request,
                step -> {
                  trace.stepDone();
                  double part = (double) (step.number() - 1) / step.of();
                  progress.show(
                      (begun + size * part) / count,
                      "%d of %d %s, t = %.0f"
                          .formatted(begun, count, kind.noun(), step.level().t()));
                }));
      }
      kind.target().write(Tensor.cat(parts, 0));
      double seconds = (System.nanoTime() - start) * 1e-9;
      progress.say(
          String.format(
              Locale.ROOT,
              "%d %s by %s with %d steps in %.1f s: %s",
              count,
              kind.noun(),
              way.name(),
              way.steps(),
              seconds,
              out));
    }
    return 0;
  }

  /** The words for samplers. */
  static final class SamplerName extends Words<SamplingConfig.Sampler> {
    SamplerName() {
      super(SamplingConfig.Sampler.class, "--sampler");
    }
  }

  /** The words for engines. */
  static final class EngineName extends Words<InferenceEngine> {
    EngineName() {
      super(InferenceEngine.class, "--engine");
    }
  }

  /** The words for spacings. */
  static final class SpacingName extends Words<SamplingConfig.Spacing> {
    SpacingName() {
      super(SamplingConfig.Spacing.class, "--spacing");
    }
  }

  /** Refuses a name that suits neither images nor points before a model is opened for it. */
  private void requireKnownEnding() {
    if (!out.toString().endsWith(".csv")) {
      SavedSamples.to(out);
    }
  }

  private SamplingChoice choice() {
    return new SamplingChoice(
        Optional.ofNullable(sampler),
        Optional.ofNullable(steps),
        eta,
        Optional.ofNullable(spacing),
        Optional.ofNullable(respacing));
  }

  private void drawInOnePass(String family) throws IOException {
    if (label != null || engine != InferenceEngine.TORCH) {
      throw new UserException(
          "--label or --engine is given, but %s is a %s, which has neither; allowed: none of them"
              .formatted(source.path(), family));
    }
    try (ImageGenerator model = ImageGenerators.open(source.path(), choice())) {
      int atOnce = batch != null ? batch : IMAGES_AT_ONCE;
      new OnePassSampling(family, count, seed, atOnce).write(model, SavedSamples.to(out));
    }
  }

  /** What differs between images and points. */
  private record Kind(String noun, int atOnce, Target target) {
    private interface Target {
      void write(Tensor samples) throws IOException;
    }

    static Kind of(DiffusionModel model, Path out) {
      return model.isOfImages()
          ? new Kind("images", IMAGES_AT_ONCE, SavedSamples.to(out)::write)
          : new Kind("points", POINTS_AT_ONCE, SavedPoints.to(out)::write);
    }
  }
}
