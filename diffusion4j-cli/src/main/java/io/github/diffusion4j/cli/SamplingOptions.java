package io.github.diffusion4j.cli;

import io.github.diffusion4j.DrawingOptions;
import io.github.diffusion4j.SamplingChoice;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of all verbs that draw from a model. */
final class SamplingOptions {
  private static final int MANY_STEPS = 200;
  private static final int FEW_STEPS = 25;

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      description = {
        "${COMPLETION-CANDIDATES};",
        "default: ddpm or dpm++2m for models trained here, else what the model's folder says."
      },
      converter = SamplerName.class,
      completionCandidates = SamplerName.class)
  private SamplingConfig.@Nullable Sampler sampler;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = {
        "Denoising steps; default: 25 for heun, edm, dpm++, unipc, deis, kdpm2, dpm-sde and",
        "sa-solver, 20 levels for langevin, 4 for folders of distilled models, 50 for others",
        "(ddpm: all, if its variance is beta)."
      })
  private @Nullable Integer steps;

  @Option(names = "--eta", description = "Fresh noise of ddim, 0 to 1; default: 0.")
  private @Nullable Double eta;

  @Option(
      names = "--spacing",
      description = {
        "Noise levels: ${COMPLETION-CANDIDATES};",
        "default: exponential for heun, edm, lms, pndm, plms, ipndm, kdpm2-ancestral and",
        "langevin, karras for kdpm2 and dpm-sde, else trailing."
      })
  private SamplingConfig.@Nullable Spacing spacing;

  @Option(
      names = "--respacing",
      paramLabel = "SPEC",
      description = {
        "In place of --steps and --spacing, as guided-diffusion's timestep_respacing:",
        "steps of equal parts of the process such as 10,20,30, the cleanest first, or ddim50."
      })
  private @Nullable String respacing;

  @Option(names = "--label", paramLabel = "CLASS", description = "The class to draw; default: all.")
  private @Nullable Integer label;

  @Option(names = "--seed", paramLabel = "S", description = "Of all randomness; default: 0.")
  private @Nullable Long seed;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Samples drawn at once; default: 64 images, 10000 points.")
  private @Nullable Integer batch;

  @Option(
      names = "--engine",
      description = {
        "What evaluates the network: ${COMPLETION-CANDIDATES}; default: auto, the faster one,",
        "measured once for a model and a machine."
      })
  private @Nullable EngineOption engine;

  /** The words for samplers. */
  static final class SamplerName extends Words<SamplingConfig.Sampler> {
    private static final Set<String> OF_DISTILLED = Set.of("lcm", "tcd", "consistency");

    SamplerName() {
      super(SamplingConfig.Sampler.class, "--sampler");
    }

    @Override
    public SamplingConfig.Sampler convert(String word) {
      if (OF_DISTILLED.contains(word.toLowerCase(Locale.ROOT))) {
        throw new TypeConversionException(
            String.format(
                Locale.ROOT,
                "--sampler is %s, which is for models distilled for it, whose folders name it; "
                    + "allowed: no --sampler for such a folder, else one of %s",
                word,
                String.join(", ", Word.all(SamplingConfig.Sampler.class))));
      }
      return super.convert(word);
    }
  }

  /** Checks what can be checked without opening anything. */
  void check() {
    if (batch != null) {
      Arguments.atLeast("--batch", batch, 1);
    }
    if (steps != null) {
      Arguments.atLeast("--steps", steps, 1);
    }
    if (eta != null && !(eta >= 0 && eta <= 1)) {
      throw Arguments.wrong("--eta", eta, "0 to 1");
    }
  }

  /** Refuses options that say how samples are drawn, where none is drawn. */
  void requireNone() {
    Arguments.none(
        "says how a model draws, but there is no --model",
        Stream.concat(
            ofSteps(),
            Stream.of(
                Arguments.given("--label", label),
                Arguments.given("--batch", batch),
                Arguments.given("--engine", engine))));
  }

  /** Refuses options that a model of another family, which draws in one pass, does not have. */
  void requireOnePass(Path model, String family) {
    if (label != null || (engine != null && engine != EngineOption.AUTO)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--label or --engine is given, but %s is a %s, which has neither; allowed: none of them",
              model,
              family));
    }
  }

  private Stream<Optional<String>> ofSteps() {
    return Stream.of(
        Arguments.given("--sampler", sampler),
        Arguments.given("--steps", steps),
        Arguments.given("--eta", eta),
        Arguments.given("--spacing", spacing),
        Arguments.given("--respacing", respacing));
  }

  /** Returns how diffusion models are sampled. */
  SamplingChoice choice() {
    return new SamplingChoice(
        Optional.ofNullable(sampler),
        Optional.ofNullable(steps),
        eta == null ? 0 : eta,
        Optional.ofNullable(spacing),
        Optional.ofNullable(respacing));
  }

  /**
   * Returns how models draw for a measurement; {@code messages} gets what an engine's trial says.
   */
  DrawingOptions drawing(Consumer<String> messages) {
    return new DrawingOptions(choice(), label(), engine(messages));
  }

  DrawingOptions.EngineSelection engine(Consumer<String> messages) {
    EngineOption chosen = engine == null ? EngineOption.AUTO : engine;
    return (model, folder) -> chosen.select(model, folder, messages);
  }

  Optional<Integer> label() {
    return Optional.ofNullable(label);
  }

  long seed() {
    return seed == null ? 0 : seed;
  }

  int batch(int usual) {
    return batch == null ? usual : batch;
  }

  /** Returns what a person should know of a sampler that was not chosen, if there is something. */
  static Optional<String> note(SamplingChoice.Way way) {
    return switch (way.source()) {
      case CALLER -> Optional.empty();
      case DEFAULT ->
          Optional.of(
              String.format(
                  Locale.ROOT,
                  "no --sampler: %s with %d steps, the default for this model",
                  way.name(),
                  way.steps()));
      case FOLDER ->
          way.steps() < MANY_STEPS
              ? Optional.empty()
              : Optional.of(
                  String.format(
                      Locale.ROOT,
                      "the model's folder says %s with %d steps; --sampler dpm++2m --steps %d takes 1/%d of the time",
                      way.name(),
                      way.steps(),
                      FEW_STEPS,
                      way.steps() / FEW_STEPS));
    };
  }
}
