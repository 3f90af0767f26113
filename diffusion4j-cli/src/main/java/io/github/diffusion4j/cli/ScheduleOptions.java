package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.training.FromConfig;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which noise schedule a picture is drawn for. */
final class ScheduleOptions {
  private static final int STEPS = 1000;

  @Option(
      names = "--schedule",
      paramLabel = "KIND",
      converter = ScheduleKind.Converter.class,
      description = "One of those of explain schedule; default: linear.")
  private @Nullable ScheduleKind kind;

  @Option(names = "--steps", paramLabel = "T", description = "T; default: " + STEPS + ".")
  private @Nullable Integer steps;

  NoiseSchedule of() {
    int count = steps == null ? STEPS : steps;
    Arguments.atLeast("--steps", count, 2);
    return FromConfig.schedule((kind == null ? ScheduleKind.linear : kind).of(count));
  }

  /** Refuses these options beside another that already says what the schedule is. */
  void refuse(String other) {
    if (kind != null || steps != null) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--schedule and --steps cannot be given with %s, which has a schedule of its own",
              other));
    }
  }
}
