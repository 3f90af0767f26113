package io.github.diffusion4j.foreign;

import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SigmoidSchedule;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** The schedules of lucidrains' {@code GaussianDiffusion}. */
final class LucidSchedule {
  static final int USUAL_STEPS = 1000;

  private static final double BETA_START = 1e-4;
  private static final double BETA_END = 0.02;

  private LucidSchedule() {}

  /** Returns the schedule with these betas: under its name if it has one, or the table. */
  static ScheduleConfig of(float[] betas) {
    int steps = betas.length;
    ScheduleConfig.Cosine cosine = new ScheduleConfig.Cosine(steps);
    if (agree(betas, CosineSchedule.of(steps))) {
      return cosine;
    }
    if (steps == USUAL_STEPS && agree(betas, LinearSchedule.ddpm())) {
      return new ScheduleConfig.Linear(steps, BETA_START, BETA_END);
    }
    return new ScheduleConfig.Table(
        IntStream.range(0, steps).mapToObj(i -> shortest(betas[i])).toList());
  }

  /** Returns the schedule that is called {@code word} there. */
  static Optional<ScheduleConfig> named(String word, int steps) {
    return switch (word) {
      case "cosine" -> Optional.of(new ScheduleConfig.Cosine(steps));
      case "linear" -> Optional.of(table(LinearSchedule.rescaled(steps, BETA_START, BETA_END)));
      case "sigmoid" -> Optional.of(table(SigmoidSchedule.of(steps)));
      default -> Optional.empty();
    };
  }

  private static ScheduleConfig table(NoiseSchedule schedule) {
    return new ScheduleConfig.Table(Arrays.stream(schedule.betas()).boxed().toList());
  }

  /** Files have the betas in single precision. */
  private static boolean agree(float[] betas, NoiseSchedule schedule) {
    double[] exact = schedule.betas();
    return IntStream.range(0, betas.length)
        .allMatch(i -> Math.abs(betas[i] - exact[i]) <= Math.ulp(betas[i]));
  }

  /** Returns 0.999 for the float nearest to it. */
  private static double shortest(float value) {
    return Double.parseDouble(Float.toString(value));
  }
}
