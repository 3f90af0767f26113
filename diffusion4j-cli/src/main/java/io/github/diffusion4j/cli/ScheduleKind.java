package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.Word;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The schedules that {@code explain schedule} knows, each with its usual constants. */
enum ScheduleKind {
  linear,
  rescaled_linear,
  scaled_linear,
  warmup10,
  warmup50,
  constant,
  jsd,
  proportional,
  exponential,
  cosine,
  sigmoid,
  geodiff_sigmoid,
  laplace,
  diffusers_laplace,
  zero_terminal_snr,
  vp,
  sub_vp,
  ve;

  private static final double BETA_START = 1e-4;
  private static final double BETA_END = 0.02;

  /** Names under which some of them are known elsewhere. */
  private static final Map<String, ScheduleKind> ALIASES =
      Map.ofEntries(
          Map.entry("quadratic", scaled_linear),
          Map.entry("quad", scaled_linear),
          Map.entry("const", constant),
          Map.entry("exp", exponential),
          Map.entry("squaredcos_cap_v2", cosine),
          Map.entry("sigmoid_beta", geodiff_sigmoid),
          Map.entry("variance_preserving", vp),
          Map.entry("sub_variance_preserving", sub_vp),
          Map.entry("variance_exploding", ve));

  ScheduleConfig of(int steps) {
    return switch (this) {
      case linear -> new ScheduleConfig.Linear(steps, BETA_START, BETA_END);
      case rescaled_linear -> new ScheduleConfig.RescaledLinear(steps, BETA_START, BETA_END);
      case scaled_linear -> new ScheduleConfig.ScaledLinear(steps, BETA_START, BETA_END);
      case warmup10 -> new ScheduleConfig.Warmup(steps, BETA_START, BETA_END, 0.1);
      case warmup50 -> new ScheduleConfig.Warmup(steps, BETA_START, BETA_END, 0.5);
      case constant -> new ScheduleConfig.Constant(steps, BETA_END);
      case jsd -> new ScheduleConfig.Jsd(steps);
      case proportional -> new ScheduleConfig.Proportional(steps, BETA_END);
      case exponential -> new ScheduleConfig.Exponential(steps, 12);
      case cosine -> new ScheduleConfig.Cosine(steps);
      case sigmoid -> new ScheduleConfig.Sigmoid(steps, -3, 3, 1);
      case geodiff_sigmoid -> new ScheduleConfig.SigmoidBeta(steps, BETA_START, BETA_END);
      case laplace -> new ScheduleConfig.Laplace(steps, 0, 0.5);
      case diffusers_laplace -> new ScheduleConfig.DiffusersLaplace(steps);
      case zero_terminal_snr ->
          new ScheduleConfig.ZeroTerminalSnr(
              new ScheduleConfig.Linear(steps, BETA_START, BETA_END));
      case vp -> new ScheduleConfig.VariancePreserving(steps, 0.1, 20);
      case sub_vp -> new ScheduleConfig.SubVariancePreserving(steps, 0.1, 20);
      case ve -> new ScheduleConfig.VarianceExploding(steps, 0.01, 50);
    };
  }

  /** Returns the word for it. */
  @Override
  public String toString() {
    return Word.of(this);
  }

  /** Reads a name with hyphens or underscores, or one of the aliases. */
  static final class Converter implements ITypeConverter<ScheduleKind> {
    @Override
    public ScheduleKind convert(String value) {
      String name = value.strip().toLowerCase(Locale.ROOT).replace('-', '_');
      for (ScheduleKind kind : values()) {
        if (kind.name().equals(name)) {
          return kind;
        }
      }
      ScheduleKind known = ALIASES.get(name);
      if (known == null) {
        throw new TypeConversionException(
            String.format(
                Locale.ROOT,
                "'%s' is no schedule; allowed: %s",
                value,
                Arrays.stream(values())
                    .map(ScheduleKind::toString)
                    .collect(Collectors.joining(", "))));
      }
      return known;
    }
  }
}
