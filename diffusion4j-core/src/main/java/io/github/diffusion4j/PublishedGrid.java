package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.NoiseGrid;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.SigmaSpacing;
import io.github.diffusion4j.torch.Tensor;
import java.util.stream.IntStream;

/** The levels that diffusers' schedulers visit in a number of steps; they have three ways. */
record PublishedGrid(
    PublishedScheduler scheduler, ScheduleConfig config, NoiseSchedule schedule, int steps) {
  private static final double ROUNDING = 1e-9;

  /** The times of DDPM, DDIM and PNDM. */
  SubSequence times() {
    int all = schedule.steps();
    return switch (scheduler.spacing()) {
      case LINSPACE -> SubSequence.linspace(all, steps);
      case LEADING -> later(SubSequence.leading(all, steps));
      case TRAILING -> SubSequence.trailing(all, steps);
    };
  }

  /** The levels of DDIM and PNDM. */
  NoiseGrid ofTimes() {
    return ended(NoiseGrid.of(schedule, times()));
  }

  /** The levels of Euler's and Heun's method and LMS. */
  NoiseGrid inSigma() {
    NoiseGrid spaced =
        Samplers.finite(
            scheduler.spacing() == Spacing.LINSPACE
                ? NoiseGrid.linspace(schedule, steps)
                : NoiseGrid.of(schedule, times()));
    double smallest = spaced.level(1).sigma();
    double largest = spaced.level(steps).sigma();
    return ended(
        switch (scheduler.sigmas()) {
          case OF_TIMES -> spaced;
          case KARRAS -> ofSigmas(SigmaSpacing.karras(steps, smallest, largest));
          case EXPONENTIAL, LU -> ofSigmas(SigmaSpacing.exponential(steps, smallest, largest));
        });
  }

  /** The levels of the solvers in λ, which space one more and leave out the cleanest. */
  NoiseGrid ofSolver() {
    double smallest = schedule.level(1).sigma();
    double largest = Samplers.largestSigma(schedule);
    boolean cosine = config instanceof ScheduleConfig.Cosine;
    return ended(
        switch (scheduler.sigmas()) {
          case OF_TIMES -> Samplers.finite(NoiseGrid.of(schedule, solverTimes()));
          case KARRAS -> whole(ofSigmas(SigmaSpacing.karras(steps, smallest, largest)), cosine);
          case LU -> whole(ofSigmas(SigmaSpacing.exponential(steps, smallest, largest)), cosine);
          case EXPONENTIAL ->
              whole(ofSigmas(SigmaSpacing.exponential(steps, smallest, largest)), true);
        });
  }

  private SubSequence solverTimes() {
    int all = schedule.steps();
    return switch (scheduler.spacing()) {
      case TRAILING -> SubSequence.trailing(all, steps);
      case LINSPACE -> SubSequence.linspace(all, oneMore()).withoutFirst();
      case LEADING -> later(SubSequence.leading(all, oneMore()).withoutFirst());
    };
  }

  private int oneMore() {
    if (steps == schedule.steps()) {
      throw new UserException(
          "steps are %d; allowed for %s at this spacing: 1…%d"
              .formatted(steps, scheduler.solver().className(), steps - 1));
    }
    return steps + 1;
  }

  private SubSequence later(SubSequence times) {
    int offset = scheduler.offset();
    int last = times.t(times.length()) + offset;
    if (offset < 0 || last > schedule.steps()) {
      throw new UserException(
          "steps_offset is %d: sampling would begin at step %d; allowed: 1…%d"
              .formatted(offset, last, schedule.steps()));
    }
    return SubSequence.of(
        IntStream.rangeClosed(1, times.length()).map(s -> times.t(s) + offset).toArray());
  }

  private NoiseGrid ended(NoiseGrid grid) {
    return scheduler.end() == End.CLEAN ? grid : grid.endingAt(schedule.level(1));
  }

  private NoiseGrid ofSigmas(double... sigmas) {
    return NoiseGrid.ofSigmas(new ScheduleCurve(schedule), sigmas);
  }

  /** Diffusers rounds the time that the network is told, or cuts what is behind its point. */
  private static NoiseGrid whole(NoiseGrid grid, boolean cut) {
    return cut ? grid.withTimes(t -> Math.floor(t + ROUNDING)) : grid.atWholeTimes();
  }

  /**
   * The sampler with the start of diffusers' schedulers in σ: where they begin at T, the deviation
   * of x / signal is σ there, and not √(σ² + 1).
   */
  Sampler scaled(Sampler sampler) {
    if (scheduler.spacing() == Spacing.LEADING) {
      return sampler;
    }
    double scale = inSigma().level(steps).noise();
    return (denoiser, noise, listener, shape) ->
        sampler.sample(
            denoiser,
            new NoiseSource() {
              @Override
              public Tensor xT(long... wanted) {
                return noise.xT(wanted).times(scale);
              }

              @Override
              public Tensor z(int draw, long... wanted) {
                return noise.z(draw, wanted);
              }
            },
            listener,
            shape);
  }
}
