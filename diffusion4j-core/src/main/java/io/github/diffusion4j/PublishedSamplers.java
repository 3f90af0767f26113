package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Bound;
import io.github.diffusion4j.checkpoint.PublishedSolver;
import io.github.diffusion4j.checkpoint.PublishedSolver.Consistency;
import io.github.diffusion4j.checkpoint.PublishedSolver.Deis;
import io.github.diffusion4j.checkpoint.PublishedSolver.Distilled;
import io.github.diffusion4j.checkpoint.PublishedSolver.Dpm;
import io.github.diffusion4j.checkpoint.PublishedSolver.DpmSde;
import io.github.diffusion4j.checkpoint.PublishedSolver.LastOrder;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.checkpoint.PublishedSolver.Pndm;
import io.github.diffusion4j.checkpoint.PublishedSolver.SaSolver;
import io.github.diffusion4j.checkpoint.PublishedSolver.UniPc;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.BoundedDenoiser;
import io.github.diffusion4j.sampling.Churn;
import io.github.diffusion4j.sampling.ConsistencySampler;
import io.github.diffusion4j.sampling.DdimInversion;
import io.github.diffusion4j.sampling.DdimSampler;
import io.github.diffusion4j.sampling.DdpmSampler;
import io.github.diffusion4j.sampling.DeisSampler;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.DpmInversion;
import io.github.diffusion4j.sampling.DpmMultistepSampler;
import io.github.diffusion4j.sampling.DpmOptions;
import io.github.diffusion4j.sampling.DpmSdeSampler;
import io.github.diffusion4j.sampling.DpmSingleStepSampler;
import io.github.diffusion4j.sampling.DpmSolver2Sampler;
import io.github.diffusion4j.sampling.DynamicThreshold;
import io.github.diffusion4j.sampling.EulerSampler;
import io.github.diffusion4j.sampling.FinalOrder;
import io.github.diffusion4j.sampling.HeunSampler;
import io.github.diffusion4j.sampling.Integrand;
import io.github.diffusion4j.sampling.Inversion;
import io.github.diffusion4j.sampling.IpndmSampler;
import io.github.diffusion4j.sampling.LateChurnEulerSampler;
import io.github.diffusion4j.sampling.LcmSampler;
import io.github.diffusion4j.sampling.LmsSampler;
import io.github.diffusion4j.sampling.NoiseGrid;
import io.github.diffusion4j.sampling.PndmSampler;
import io.github.diffusion4j.sampling.ReverseDynamics;
import io.github.diffusion4j.sampling.SaSolverOptions;
import io.github.diffusion4j.sampling.SaSolverOptions.Tau;
import io.github.diffusion4j.sampling.SaSolverSampler;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.TcdSampler;
import io.github.diffusion4j.sampling.UniPcOptions;
import io.github.diffusion4j.sampling.UniPcSampler;
import io.github.diffusion4j.training.FromConfig;
import java.util.Locale;
import java.util.function.Function;

/**
 * Samplers that give the numbers of diffusers' schedulers.
 *
 * <p>Listeners and results have the scale of {@link
 * io.github.diffusion4j.sampling.SamplingListener.Step}; diffusers' samplers in σ compute in x /
 * signal instead.
 *
 * <p>Differs: where the steps of a run do not divide those of the process, diffusers' DDIM and PNDM
 * go from t to t − ⌊T/S⌋ even if the next time is another; here a step leads to the next time.
 */
public final class PublishedSamplers {
  private static final int LMS_ORDER = 4;
  private static final int FIRST_OF_TAU = 200; // of the network's time; what SASolver has without
  private static final int LAST_OF_TAU = 800; // a tau_func

  private final PublishedScheduler scheduler;
  private final ProcessConfig process;
  private final NoiseSchedule schedule;
  private final PublishedGrid grid;

  /**
   * The samplers of a scheduler.
   *
   * @param steps how many times it looks, or twice as often for some
   * @throws UserException if the schedule has fewer
   */
  public PublishedSamplers(PublishedScheduler scheduler, ProcessConfig process, int steps) {
    if (steps < 1 || steps > process.schedule().steps()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "steps are %d; allowed: 1…%d, the steps of the model's schedule",
              steps,
              process.schedule().steps()));
    }
    this.scheduler = scheduler;
    this.process = process;
    this.schedule = FromConfig.schedule(process.schedule());
    this.grid = new PublishedGrid(scheduler, process.schedule(), schedule, steps);
  }

  /**
   * Returns the sampler.
   *
   * @param eta how much fresh noise there is in the steps of DDIM, and of TCD, whose γ it is
   * @throws UserException if the scheduler takes images to noise; see {@link #inversion}
   */
  public Sampler sampler(double eta) {
    return sampler(StepArguments.ofEta(eta));
  }

  /**
   * Returns the sampler for other arguments of {@code step()}.
   *
   * @throws UserException if the scheduler has no such argument; only η is passed over, as in
   *     diffusers' pipelines
   */
  public Sampler sampler(StepArguments arguments) {
    PublishedSolver solver = scheduler.solver();
    if (arguments.direction() != StepArguments.Direction.PREDICTED && !solver.isDdim()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "use_clipped_model_output is true, but the scheduler is %s; allowed: %s",
              solver.className(),
              Plain.DDIM.className()));
    }
    if (!arguments.churn().equals(Churn.NONE)) {
      return churned(arguments.churn());
    }
    if (solver.isInverse()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s takes images to noise; allowed for sampling: another scheduler, or a sampler by name",
              solver.className()));
    }
    if (solver instanceof Distilled distilled) {
      SubSequence times = grid.ofDistilled(distilled);
      return switch (distilled.kind()) {
        case LCM -> new LcmSampler(NoiseGrid.of(schedule, times), distilled.timestepScaling());
        case TCD -> new TcdSampler(schedule, times, arguments.eta());
      };
    } else if (solver instanceof Consistency consistency) {
      return ofConsistency(consistency);
    } else if (solver instanceof DpmSde) {
      return inSigma(DpmSdeSampler::new);
    }
    return solver instanceof Plain plain ? ofPlain(plain, arguments.eta()) : ofOrder(solver);
  }

  /**
   * Returns what finds the noise that images come from.
   *
   * @throws UserException if the scheduler takes noise to images; see {@link #sampler}
   */
  public Inversion inversion() {
    PublishedSolver solver = scheduler.solver();
    if (solver == Plain.DDIM_INVERSE) {
      return new DdimInversion(grid.ofTimes());
    } else if (solver instanceof Dpm dpm && dpm.form() == Dpm.Form.INVERSE_MULTISTEP) {
      return new DpmInversion(grid.ofInversion(), options(dpm));
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "%s takes noise to images; allowed for the inverse: %s, DPMSolverMultistepInverseScheduler",
            solver.className(),
            Plain.DDIM_INVERSE.className()));
  }

  private Sampler ofConsistency(Consistency consistency) {
    double sigmaMin = ((ScheduleConfig.Edm) process.schedule()).sigmaMin();
    return grid.scaled(
        new ConsistencySampler(grid.ofConsistency(), sigmaMin, consistency.noiseDeviation()));
  }

  private Sampler inSigma(Function<NoiseGrid, Sampler> sampler) {
    return grid.scaled(sampler.apply(grid.inSigma()));
  }

  private Sampler churned(Churn churn) {
    Prediction prediction = FromConfig.prediction(process);
    if (scheduler.solver() == Plain.EULER) {
      return grid.scaled(new LateChurnEulerSampler(grid.inSigma(), churn, prediction));
    } else if (scheduler.solver() == Plain.EDM_EULER) {
      return new LateChurnEulerSampler(grid.ofEdm(), churn, prediction);
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "s_churn is %s, but the scheduler is %s; allowed: %s, %s",
            churn.amount(),
            scheduler.solver().className(),
            Plain.EULER.className(),
            Plain.EDM_EULER.className()));
  }

  /**
   * Returns the level that image to image begins at.
   *
   * @param strength the share of the steps that is taken, in (0, 1]
   * @throws UserException if no step is left
   */
  public int begin(double strength) {
    return InitialImages.stepsLeft(grid.steps(), strength);
  }

  private Sampler ofPlain(Plain plain, double eta) {
    return switch (plain) {
      case DDPM, DDPM_PARALLEL ->
          new DdpmSampler(schedule, grid.times(), FromConfig.variance(process.variance()));
      case DDIM, DDIM_PARALLEL -> new DdimSampler(grid.ofTimes(), eta);
      case EULER -> inSigma(EulerSampler::new);
      case EULER_ANCESTRAL -> inSigma(EulerSampler::ancestral);
      case HEUN -> inSigma(HeunSampler::new);
      case LMS -> inSigma(levels -> new LmsSampler(levels, LMS_ORDER));
      case KDPM2 -> inSigma(DpmSolver2Sampler::new);
      case KDPM2_ANCESTRAL -> inSigma(DpmSolver2Sampler::ancestral);
      case IPNDM -> new IpndmSampler(grid.ofAngles());
      case DDIM_INVERSE -> throw new AssertionError(plain);
      case EDM_EULER -> new EulerSampler(grid.ofEdm());
    };
  }

  private Sampler ofOrder(PublishedSolver solver) {
    if (solver instanceof Pndm pndm) {
      PndmSampler.Start start =
          switch (pndm.start()) {
            case RUNGE_KUTTA -> PndmSampler.Start.RUNGE_KUTTA;
            case TWO_LOOKS -> PndmSampler.Start.TWO_LOOKS;
          };
      return new PndmSampler(grid.ofTimes(), start, FromConfig.prediction(process))
          .ofStride(schedule.steps() / grid.steps());
    } else if (solver instanceof Dpm dpm) {
      return switch (dpm.form()) {
        case MULTISTEP -> new DpmMultistepSampler(grid.ofSolver(), options(dpm));
        case SINGLE_STEP -> new DpmSingleStepSampler(grid.ofSolver(), options(dpm));
        case EDM_MULTISTEP -> new DpmMultistepSampler(grid.ofEdm(), options(dpm));
        case INVERSE_MULTISTEP -> throw new AssertionError(solver.className());
      };
    } else if (solver instanceof UniPc uniPc) {
      return new UniPcSampler(grid.ofSolver(), options(uniPc));
    } else if (solver instanceof Deis deis) {
      return new DeisSampler(
          grid.ofSolver(), deis.order(), inShortRuns(deis.last() == LastOrder.FALLING));
    } else if (solver instanceof SaSolver sa) {
      return new SaSolverSampler(grid.ofSolver(), options(sa));
    }
    throw new AssertionError(solver.className());
  }

  private static DpmOptions options(Dpm dpm) {
    boolean falls =
        switch (dpm.last()) {
          case FALLING, FALLING_AND_EULER -> true;
          case FULL, EULER -> false;
        };
    boolean euler =
        switch (dpm.last()) {
          case EULER, FALLING_AND_EULER -> true;
          case FULL, FALLING -> false;
        };
    FinalOrder last =
        switch (dpm.form()) {
          case SINGLE_STEP -> falls ? FinalOrder.FALLING : FinalOrder.FULL;
          case MULTISTEP, EDM_MULTISTEP, INVERSE_MULTISTEP ->
              euler ? inShortRuns(falls).and(FinalOrder.EULER_AT_LAST) : inShortRuns(falls);
        };
    Integrand integrand =
        switch (dpm.algorithm()) {
          case DPMSOLVER_PLUS_PLUS, SDE_DPMSOLVER_PLUS_PLUS -> Integrand.X0;
          case DPMSOLVER, SDE_DPMSOLVER -> Integrand.EPSILON;
        };
    ReverseDynamics dynamics =
        switch (dpm.algorithm()) {
          case DPMSOLVER_PLUS_PLUS, DPMSOLVER -> ReverseDynamics.ODE;
          case SDE_DPMSOLVER_PLUS_PLUS, SDE_DPMSOLVER -> ReverseDynamics.SDE;
        };
    return new DpmOptions(dpm.order(), integrand, dynamics, rule(dpm, dynamics), last);
  }

  /**
   * For three looks along the SDE diffusers' rule has a term that does not vanish with the step.
   */
  private static DpmOptions.Rule rule(Dpm dpm, ReverseDynamics dynamics) {
    boolean wrong =
        dpm.form() != Dpm.Form.SINGLE_STEP && dpm.order() == 3 && dynamics == ReverseDynamics.SDE;
    if (wrong) {
      return DpmOptions.Rule.EXACT;
    }
    return switch (dpm.rule()) {
      case MIDPOINT -> DpmOptions.Rule.MIDPOINT;
      case HEUN -> DpmOptions.Rule.HEUN;
    };
  }

  private static FinalOrder inShortRuns(boolean falls) {
    return falls ? FinalOrder.FALLING_IN_SHORT_RUNS : FinalOrder.FULL;
  }

  private static SaSolverOptions options(SaSolver sa) {
    return new SaSolverOptions(
        sa.predictorOrder(),
        sa.correctorOrder(),
        switch (sa.target()) {
          case DATA_PREDICTION -> Integrand.X0;
          case NOISE_PREDICTION -> Integrand.EPSILON;
        },
        Tau.between(1 + FIRST_OF_TAU, 1 + LAST_OF_TAU),
        switch (sa.last()) {
          case FULL -> FinalOrder.FULL;
          case FALLING -> FinalOrder.FALLING;
        });
  }

  private static UniPcOptions options(UniPc uniPc) {
    return new UniPcOptions(
        uniPc.order(),
        switch (uniPc.interpolated()) {
          case X0 -> Integrand.X0;
          case EPSILON -> Integrand.EPSILON;
        },
        switch (uniPc.scale()) {
          case BH1 -> UniPcOptions.Scale.BH1;
          case BH2 -> UniPcOptions.Scale.BH2;
        },
        number -> !uniPc.uncorrected().contains(number - 1),
        switch (uniPc.last()) {
          case FULL -> FinalOrder.FULL;
          case FALLING -> FinalOrder.FALLING;
        });
  }

  /**
   * Returns the denoiser with its estimates held in the range of the data.
   *
   * <p>DDIM goes on with the network's own ε̂, as diffusers does; other samplers derive it anew.
   */
  public static Denoiser bounded(Denoiser free, PublishedScheduler scheduler) {
    return bounded(free, scheduler, StepArguments.DEFAULT);
  }

  /** Returns the denoiser for other arguments of {@code step()}. */
  static Denoiser bounded(Denoiser free, PublishedScheduler scheduler, StepArguments arguments) {
    PublishedSolver solver = scheduler.solver();
    if (solver instanceof Distilled distilled && distilled.kind() == Distilled.Kind.TCD) {
      return free; // diffusers' TCD has the options of a bound, and does not use them
    }
    Denoiser bounded = bounded(free, scheduler.bound());
    boolean keeps =
        (solver.isDdim() || solver == Plain.DDIM_INVERSE)
            && arguments.direction() == StepArguments.Direction.PREDICTED;
    return keeps && bounded instanceof BoundedDenoiser ddim ? ddim.keepingNoise() : bounded;
  }

  /** Returns the denoiser with estimates held by {@code bound}, and ε̂ derived anew. */
  static Denoiser bounded(Denoiser free, Bound bound) {
    if (bound instanceof Bound.Clip clip) {
      return BoundedDenoiser.clipping(free, clip.range());
    } else if (bound instanceof Bound.Threshold threshold) {
      return BoundedDenoiser.thresholding(
          free, new DynamicThreshold(threshold.ratio(), threshold.most()));
    }
    return free;
  }
}
