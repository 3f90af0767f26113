package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.checkpoint.PublishedSolver;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SquaredSineSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NoiseGrid;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.util.Arrays;
import java.util.Locale;
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

  /** The times of distilled networks: some of those that they know, counted from the noisiest. */
  SubSequence ofDistilled(PublishedSolver.Distilled distilled) {
    int known = distilled.originalSteps();
    if (known > schedule.steps()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "original_inference_steps is %d; allowed: 1…%d, the steps of the model's schedule",
              known,
              schedule.steps()));
    }
    if (steps > known) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "steps are %d; allowed for %s: 1…%d, its original_inference_steps",
              steps,
              distilled.className(),
              known));
    }
    int distance = schedule.steps() / known;
    return SubSequence.of(
        IntStream.rangeClosed(1, steps)
            .map(s -> distance * (known - (int) ((long) (steps - s) * known / steps)))
            .toArray());
  }

  /** The levels of a consistency model: of the process that only adds noise. */
  NoiseGrid ofConsistency() {
    ScheduleConfig.Edm edm = edm();
    double[] all = SigmaSpacing.karras(edm.steps(), edm.sigmaMin(), edm.sigmaMax(), edm.rho());
    int distance = edm.steps() / steps;
    double[] sigmas = new double[steps];
    Arrays.setAll(sigmas, i -> all[i * distance]);
    return onlyAddingNoise(ofSigmas(sigmas));
  }

  /** The levels of IPNDM, of equal distances in the time of its process. */
  NoiseGrid ofAngles() {
    NoiseLevel[] levels = new NoiseLevel[steps + 1];
    Arrays.setAll(
        levels,
        s -> {
          double part = (double) s / steps;
          return SquaredSineSchedule.level(part * schedule.steps(), part);
        });
    return NoiseGrid.of(new ScheduleCurve(schedule), levels);
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
    return switch (scheduler.sigmas()) {
      case OF_TIMES -> ended(spaced);
      case LOG_LINEAR -> ofOtherTimes(spaced);
      case KARRAS -> ended(isOfMidpoint() ? karras(smallest, largest) : spaced(smallest, largest));
      case EXPONENTIAL, LU, BETA -> ended(spaced(smallest, largest));
    };
  }

  private NoiseGrid karras(double smallest, double largest) {
    return spaced(smallest, largest).atWholeTimes();
  }

  private boolean isOfMidpoint() {
    return scheduler.solver() == PublishedSolver.Plain.KDPM2
        || scheduler.solver() == PublishedSolver.Plain.KDPM2_ANCESTRAL;
  }

  /** The levels of the solvers in λ, which space one more and leave out the cleanest. */
  NoiseGrid ofSolver() {
    boolean cuts = cutsKarras();
    double smallest = schedule.level(1).sigma();
    double largest = Samplers.largestSigma(schedule);
    return switch (scheduler.sigmas()) {
      case OF_TIMES, LOG_LINEAR -> ended(Samplers.finite(NoiseGrid.of(schedule, solverTimes())));
      case KARRAS, LU -> ended(whole(spaced(smallest, largest), cuts));
      case EXPONENTIAL, BETA -> ended(whole(spaced(smallest, largest), true));
    };
  }

  /** Of cosine schedules, one class of diffusers' cuts the times that the others round. */
  private boolean cutsKarras() {
    return config instanceof ScheduleConfig.Cosine
        && scheduler.solver() instanceof PublishedSolver.Dpm dpm
        && dpm.form() == PublishedSolver.Dpm.Form.MULTISTEP;
  }

  /** The levels of a solver in λ the other way: from the first level, where images are, up. */
  NoiseGrid ofInversion() {
    NoiseLevel[] levels = new NoiseLevel[steps + 1];
    NoiseLevel noisiest;
    if (scheduler.sigmas() == Sigmas.OF_TIMES) {
      SubSequence times = inverseTimes();
      Arrays.setAll(levels, s -> schedule.level(times.t(Math.min(s + 1, times.length()))));
      noisiest = Samplers.finite(NoiseGrid.of(schedule, SubSequence.of(lastTime()))).level(1);
    } else {
      NoiseGrid spaced =
          whole(
              spaced(schedule.level(1).sigma(), Samplers.largestSigma(schedule)),
              scheduler.sigmas() != Sigmas.KARRAS);
      Arrays.setAll(levels, s -> spaced.level(Math.min(s + 1, steps)));
      noisiest = levels[steps];
    }
    levels[steps] = noisiest;
    return NoiseGrid.upward(new ScheduleCurve(schedule), levels);
  }

  /** The times at which steps of an inversion begin. */
  private SubSequence inverseTimes() {
    int last = lastTime();
    return switch (scheduler.spacing()) {
      case LINSPACE -> SubSequence.linspace(last, oneMore(last));
      case LEADING -> later(SubSequence.leading(last, oneMore(last)));
      case TRAILING -> SubSequence.trailing(last, steps);
    };
  }

  /** The levels of EDM's schedulers: of the process that only adds noise, so that x is no share. */
  NoiseGrid ofEdm() {
    NoiseGrid grid = onlyAddingNoise(ofSigmas(FromConfig.sigmas(edm(), steps)));
    if (scheduler.end() == End.CLEAN) {
      return grid;
    }
    return scheduler.solver() instanceof PublishedSolver.Dpm
        ? grid.endingAt(new NoiseLevel(1, 1, edm().sigmaMin()))
        : grid.endingAt(grid.level(1));
  }

  private ScheduleConfig.Edm edm() {
    if (config instanceof ScheduleConfig.Edm edm) {
      return edm;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT, "%s is not for the process %s", scheduler.solver().className(), config));
  }

  /** The same σ in the coordinates in which the image keeps its size. */
  private static NoiseGrid onlyAddingNoise(NoiseGrid shares) {
    NoiseLevel[] levels = new NoiseLevel[shares.steps() + 1];
    Arrays.setAll(levels, s -> new NoiseLevel(shares.level(s).t(), 1, shares.level(s).sigma()));
    return NoiseGrid.of(shares.curve(), levels);
  }

  /** Levels spaced in σ between these ends, if the scheduler has no others. */
  private NoiseGrid spaced(double smallestOfProcess, double largestOfProcess) {
    double smallest = scheduler.range().smallest().orElse(smallestOfProcess);
    double largest = scheduler.range().largest().orElse(largestOfProcess);
    if (steps == 1) {
      return ofSigmas(largest);
    }
    return ofSigmas(
        switch (scheduler.sigmas()) {
          case KARRAS -> SigmaSpacing.karras(steps, smallest, largest);
          case BETA -> SigmaSpacing.beta(steps, smallest, largest);
          case EXPONENTIAL, LU -> SigmaSpacing.exponential(steps, smallest, largest);
          case OF_TIMES, LOG_LINEAR -> throw new AssertionError(scheduler.sigmas());
        });
  }

  /** From T to the first level in steps + 1 values of σ, while the network is told other times. */
  private NoiseGrid ofOtherTimes(NoiseGrid told) {
    double[] sigmas =
        SigmaSpacing.exponential(
            steps + 1, schedule.level(1).sigma(), Samplers.largestSigma(schedule));
    if (config instanceof ScheduleConfig.LogSigmaTimes) { // it is told the time of each of them
      return ended(ofSigmas(sigmas));
    }
    NoiseLevel[] levels = new NoiseLevel[steps + 1];
    Arrays.setAll(
        levels,
        s -> {
          NoiseLevel level = told.curve().atSigma(sigmas[steps - s]);
          return new NoiseLevel(told.level(s).t(), level.signal(), level.noise());
        });
    return NoiseGrid.of(told.curve(), levels);
  }

  private SubSequence solverTimes() {
    int last = lastTime();
    return switch (scheduler.spacing()) {
      case TRAILING -> SubSequence.trailing(last, steps);
      case LINSPACE -> SubSequence.linspace(last, oneMore(last)).withoutFirst();
      case LEADING -> later(SubSequence.leading(last, oneMore(last)).withoutFirst());
    };
  }

  /** The noisiest time that λ lets visit. */
  private int lastTime() {
    int all = schedule.steps();
    double least = scheduler.solver().leastLambda();
    int last = all;
    while (last > 1 && schedule.level(last).lambda() < least) {
      last--;
    }
    if (last < all && scheduler.spacing() == Spacing.TRAILING) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "lambda_min_clipped is %s and ends at step %d; allowed with timestep_spacing trailing: none",
              least,
              last));
    }
    return last;
  }

  private int oneMore(int last) {
    if (steps >= last) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "steps are %d; allowed for %s at this spacing: 1…%d",
              steps,
              scheduler.solver().className(),
              last - 1));
    }
    return steps + 1;
  }

  private SubSequence later(SubSequence times) {
    int offset = scheduler.offset();
    int last = times.t(times.length()) + offset;
    if (offset < 0 || last > schedule.steps()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "steps_offset is %d: sampling would begin at step %d; allowed: 1…%d",
              offset,
              last,
              schedule.steps()));
    }
    return SubSequence.of(
        IntStream.rangeClosed(1, times.length()).map(s -> times.t(s) + offset).toArray());
  }

  private NoiseGrid ended(NoiseGrid grid) {
    if (scheduler.end() == End.CLEAN) {
      return grid;
    }
    boolean stays =
        scheduler.sigmas() != Sigmas.OF_TIMES
            && (scheduler.solver() instanceof PublishedSolver.UniPc
                || scheduler.solver() instanceof PublishedSolver.Deis
                || scheduler.solver() instanceof PublishedSolver.SaSolver);
    NoiseLevel end = stays ? grid.level(1) : schedule.level(1);
    if (scheduler.range().smallest().isPresent() && end.sigma() > grid.level(1).sigma()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "sigma_min is %s; allowed with final_sigmas_type sigma_min: %s or more",
              grid.level(1).sigma(),
              end.sigma()));
    }
    return grid.endingAt(end);
  }

  private NoiseGrid ofSigmas(double... sigmas) {
    return NoiseGrid.ofSigmas(new ScheduleCurve(schedule), sigmas);
  }

  /** Diffusers rounds the time that the network is told, or cuts what is behind its point. */
  private static NoiseGrid whole(NoiseGrid grid, boolean cut) {
    return cut ? grid.withTimes(t -> Math.floor(t + ROUNDING)) : grid.atWholeTimes();
  }

  /**
   * The sampler that begins as diffusers' schedulers in σ do: where they begin at T, x / signal has
   * the deviation σ there, and not √(σ² + 1). Consistency models do so too.
   */
  Sampler scaled(Sampler sampler) {
    NoiseLevel noisiest = sampler.grid().level(sampler.grid().steps());
    double usual = Math.hypot(noisiest.signal(), noisiest.noise());
    return new Scaled(sampler, scheduler.spacing() == Spacing.LEADING ? usual : noisiest.noise());
  }

  private record Scaled(Sampler sampler, double deviation) implements Sampler {
    @Override
    public NoiseGrid grid() {
      return sampler.grid();
    }

    @Override
    public Tensor sample(
        Denoiser denoiser, NoiseSource noise, SamplingListener listener, long... shape) {
      try (Scope scope = Scope.open()) {
        Tensor xT = noise.xT(shape).times(deviation);
        return scope.keep(sampleFrom(grid().steps(), xT, denoiser, noise, listener));
      }
    }

    @Override
    public Tensor sampleFrom(
        int s, Tensor xs, Denoiser denoiser, NoiseSource noise, SamplingListener listener) {
      return sampler.sampleFrom(s, xs, denoiser, noise, listener);
    }
  }
}
