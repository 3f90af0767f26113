package io.github.diffusion4j;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.AdaptiveOdeSampler;
import io.github.diffusion4j.sampling.Churn;
import io.github.diffusion4j.sampling.DdimSampler;
import io.github.diffusion4j.sampling.DdpmSampler;
import io.github.diffusion4j.sampling.DeisSampler;
import io.github.diffusion4j.sampling.DpmMultistepSampler;
import io.github.diffusion4j.sampling.DpmOptions;
import io.github.diffusion4j.sampling.DpmSdeSampler;
import io.github.diffusion4j.sampling.DpmSingleStepSampler;
import io.github.diffusion4j.sampling.DpmSolver2Sampler;
import io.github.diffusion4j.sampling.EulerSampler;
import io.github.diffusion4j.sampling.FinalOrder;
import io.github.diffusion4j.sampling.HeunSampler;
import io.github.diffusion4j.sampling.IpndmSampler;
import io.github.diffusion4j.sampling.LangevinSampler;
import io.github.diffusion4j.sampling.LangevinStep;
import io.github.diffusion4j.sampling.LmsSampler;
import io.github.diffusion4j.sampling.NoiseGrid;
import io.github.diffusion4j.sampling.PndmSampler;
import io.github.diffusion4j.sampling.PredictorCorrectorSampler;
import io.github.diffusion4j.sampling.ReverseDynamics;
import io.github.diffusion4j.sampling.ReverseSdeSampler;
import io.github.diffusion4j.sampling.SaSolverOptions;
import io.github.diffusion4j.sampling.SaSolverSampler;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.Tolerance;
import io.github.diffusion4j.sampling.UniPcOptions;
import io.github.diffusion4j.sampling.UniPcSampler;
import io.github.diffusion4j.training.FromConfig;
import java.util.Locale;

/** Makes samplers by their names, with the settings that are usual for them. */
public final class Samplers {
  private static final double EDM_CHURN = 40;

  /** ScoreSDE's; with the right score of many pixels its rule is {@link LangevinStep#ofNoise}. */
  private static final double SIGNAL_TO_NOISE = 0.16;

  private static final int LANGEVIN_UPDATES = 100; // NCSN's, as is √0.05
  private static final Tolerance TOLERANCE = new Tolerance(1e-3, 1e-3);

  /**
   * Where spacings of σ begin at the latest, λ = −5.1, as diffusers advises for cosine schedules:
   * their last steps reach σ = 20,000, and steps up there would be wasted.
   */
  private static final double LARGEST_SIGMA = Math.exp(5.1);

  /** What stands for ᾱ = 0, which has no σ; diffusers takes the same. */
  private static final double LEAST_SIGNAL = 0x1p-12;

  private Samplers() {}

  /**
   * Returns the sampler that {@code sampling} describes, for a model of the given process.
   *
   * @throws UserException if it has more steps than the schedule
   */
  public static Sampler of(SamplingConfig sampling, ProcessConfig process) {
    return of(sampling, process, FromConfig.variance(process.variance()));
  }

  /** As the other, with another variance of the reverse steps than the process names. */
  static Sampler of(SamplingConfig sampling, ProcessConfig process, ReverseVariance variance) {
    NoiseSchedule schedule = FromConfig.schedule(process.schedule());
    return switch (sampling.sampler()) {
      case DDPM -> new DdpmSampler(schedule, times(sampling, schedule), variance);
      case DDIM -> new DdimSampler(grid(sampling, schedule), sampling.eta());
      default -> on(grid(sampling, schedule), sampling.sampler());
    };
  }

  /**
   * Returns a sampler that visits the given times of a model's process, such as those of {@link
   * SubSequence#respaced}.
   *
   * @param eta fresh noise of DDIM, 0 to 1
   */
  public static Sampler at(
      SubSequence times, SamplingConfig.Sampler sampler, double eta, ProcessConfig process) {
    NoiseSchedule schedule = FromConfig.schedule(process.schedule());
    return switch (sampler) {
      case DDPM -> new DdpmSampler(schedule, times, FromConfig.variance(process.variance()));
      case DDIM -> new DdimSampler(schedule, times, eta);
      default -> on(NoiseGrid.of(schedule, times), sampler);
    };
  }

  /**
   * Returns a sampler for the levels of {@code grid}; DDPM is DDIM with η = 1, DDIM that with η =
   * 0.
   */
  public static Sampler on(NoiseGrid grid, SamplingConfig.Sampler sampler) {
    return switch (sampler) {
      case DDPM -> new DdimSampler(grid, 1);
      case DDIM -> new DdimSampler(grid, 0);
      default -> inSigma(finite(grid), sampler);
    };
  }

  private static Sampler inSigma(NoiseGrid grid, SamplingConfig.Sampler sampler) {
    return switch (sampler) {
      case EULER -> new EulerSampler(grid);
      case EULER_ANCESTRAL -> EulerSampler.ancestral(grid);
      case HEUN -> new HeunSampler(grid);
      case EDM -> new HeunSampler(grid, Churn.of(EDM_CHURN));
      case LMS -> new LmsSampler(grid, 4);
      case PNDM -> new PndmSampler(grid, PndmSampler.Start.RUNGE_KUTTA);
      case PLMS -> new PndmSampler(grid, PndmSampler.Start.TWO_LOOKS);
      case DPM_PLUS_PLUS_2M -> new DpmMultistepSampler(grid, DpmOptions.plusPlus(2));
      case DPM_PLUS_PLUS_3M ->
          new DpmMultistepSampler(grid, DpmOptions.plusPlus(3).with(DpmOptions.Rule.EXACT));
      case DPM_PLUS_PLUS_2S -> new DpmSingleStepSampler(grid, DpmOptions.plusPlus(2));
      case DPM_PLUS_PLUS_3S -> new DpmSingleStepSampler(grid, DpmOptions.plusPlus(3));
      case DPM_PLUS_PLUS_SDE ->
          new DpmMultistepSampler(grid, DpmOptions.plusPlus(2).with(ReverseDynamics.SDE));
      case UNIPC -> new UniPcSampler(grid, UniPcOptions.ofOrder(2));
      case DEIS -> new DeisSampler(grid, 2, FinalOrder.FALLING_IN_SHORT_RUNS);
      case RK45 -> new AdaptiveOdeSampler(grid, TOLERANCE);
      case REVERSE_SDE -> new ReverseSdeSampler(grid, 1);
      case PREDICTOR_CORRECTOR ->
          new PredictorCorrectorSampler(grid, 1, LangevinStep.ofNoise(SIGNAL_TO_NOISE));
      case LANGEVIN ->
          new LangevinSampler(grid, LANGEVIN_UPDATES, LangevinStep.ofNoise(Math.sqrt(0.05)));
      case KDPM2 -> new DpmSolver2Sampler(grid);
      case KDPM2_ANCESTRAL -> DpmSolver2Sampler.ancestral(grid);
      case IPNDM -> new IpndmSampler(grid);
      case SA_SOLVER -> new SaSolverSampler(grid, SaSolverOptions.ofOrder(2, inTheMiddle(grid)));
      case DPM_SDE -> new DpmSdeSampler(grid);
      case DDPM, DDIM -> throw new AssertionError(sampler);
    };
  }

  /** SA-Solver's usual τ: noise in the middle of the time, none where images begin or end. */
  private static SaSolverOptions.Tau inTheMiddle(NoiseGrid grid) {
    double last = grid.level(grid.steps()).t();
    return SaSolverOptions.Tau.between(0.2 * last, 0.8 * last);
  }

  private static NoiseGrid grid(SamplingConfig sampling, NoiseSchedule schedule) {
    if (sampling.sampler()
        == SamplingConfig.Sampler.RK45) { // between the ends it has its own steps
      return NoiseGrid.of(schedule, SubSequence.all(schedule.steps()));
    }
    NoiseCurve curve = new ScheduleCurve(schedule);
    double smallest = schedule.level(1).sigma();
    double largest = Math.min(schedule.level(schedule.steps()).sigma(), LARGEST_SIGMA);
    return switch (sampling.spacing()) {
      case LEADING, TRAILING, LINSPACE -> NoiseGrid.of(schedule, times(sampling, schedule));
      case KARRAS ->
          NoiseGrid.ofSigmas(curve, SigmaSpacing.karras(sampling.steps(), smallest, largest));
      case EXPONENTIAL ->
          NoiseGrid.ofSigmas(curve, SigmaSpacing.exponential(sampling.steps(), smallest, largest));
    };
  }

  /** Returns the times that are visited, for spacings of t. */
  static SubSequence times(SamplingConfig sampling, NoiseSchedule schedule) {
    int all = schedule.steps();
    if (sampling.steps() > all) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "sampling.steps is %d; allowed: 1…%d, the steps of the model's schedule",
              sampling.steps(),
              all));
    }
    return switch (sampling.spacing()) {
      case LEADING -> SubSequence.leading(all, sampling.steps());
      case TRAILING -> SubSequence.trailing(all, sampling.steps());
      case LINSPACE -> SubSequence.linspace(all, sampling.steps());
      case KARRAS, EXPONENTIAL -> throw new AssertionError(sampling.spacing());
    };
  }

  /** Returns σ at T, or where a little of the image is left. */
  static double largestSigma(NoiseSchedule schedule) {
    NoiseLevel noisiest = schedule.level(schedule.steps());
    return noisiest.signal() > 0
        ? noisiest.sigma()
        : withSignal(noisiest.t(), LEAST_SIGNAL).sigma();
  }

  /** The grid that begins where a little of the image is left, for samplers that reckon in σ. */
  static NoiseGrid finite(NoiseGrid grid) {
    NoiseLevel start = grid.level(grid.steps());
    double next = grid.level(grid.steps() - 1).signal();
    return start.signal() > 0
        ? grid
        : grid.beginningAt(withSignal(start.t(), Math.min(LEAST_SIGNAL, next / 2)));
  }

  private static NoiseLevel withSignal(double t, double signal) {
    return new NoiseLevel(t, signal, Math.sqrt(1 - signal * signal));
  }
}
