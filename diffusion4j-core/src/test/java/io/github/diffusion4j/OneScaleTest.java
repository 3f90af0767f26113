package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Bound;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.checkpoint.PublishedSolver;
import io.github.diffusion4j.checkpoint.PublishedSolver.Deis;
import io.github.diffusion4j.checkpoint.PublishedSolver.Dpm;
import io.github.diffusion4j.checkpoint.PublishedSolver.LastOrder;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.checkpoint.PublishedSolver.Pndm;
import io.github.diffusion4j.checkpoint.PublishedSolver.UniPc;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.Estimate;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Samplers of all kinds show and return x in one scale. If there is only one image c, the flow from
 * x_T to it is known: x = signal · c + noise · ε with the same ε at every level.
 */
class OneScaleTest {
  private static final double IMAGE = 0.4;
  private static final ProcessConfig PROCESS =
      process(new ScheduleConfig.Linear(1000, 1e-4, 0.02), PredictionTarget.EPSILON);
  private static final ScheduleConfig.Edm EDM =
      new ScheduleConfig.Edm(1000, 0.1, 80, 0.5, ScheduleConfig.Edm.Spacing.KARRAS, 7);

  private static final Denoiser ONE_IMAGE =
      (xt, level) ->
          new Estimate(
              xt.times(0).plus(IMAGE), xt.minus(IMAGE * level.signal()).dividedBy(level.noise()));

  static Stream<Arguments> schedulers() {
    List<Arguments> all = new ArrayList<>();
    for (End end : End.values()) {
      for (Sigmas sigmas : Set.of(Sigmas.OF_TIMES, Sigmas.KARRAS)) {
        for (PublishedSolver solver :
            List.of(
                Plain.EULER,
                Plain.HEUN,
                Plain.LMS,
                Plain.KDPM2,
                dpm(Dpm.Form.MULTISTEP),
                dpm(Dpm.Form.SINGLE_STEP),
                new UniPc(2, UniPc.Interpolated.X0, UniPc.Scale.BH2, Set.of(), LastOrder.FALLING),
                new Deis(2, LastOrder.FALLING))) {
          all.add(Arguments.of(solver, sigmas, end, PROCESS));
        }
      }
      all.add(Arguments.of(Plain.DDIM, Sigmas.OF_TIMES, end, PROCESS));
      all.add(Arguments.of(new Pndm(Pndm.Start.TWO_LOOKS), Sigmas.OF_TIMES, end, PROCESS));
      ProcessConfig edm = process(EDM, PredictionTarget.PRECONDITIONED);
      all.add(Arguments.of(Plain.EDM_EULER, Sigmas.OF_TIMES, end, edm));
      all.add(Arguments.of(dpm(Dpm.Form.EDM_MULTISTEP), Sigmas.OF_TIMES, end, edm));
    }
    all.add(Arguments.of(Plain.EULER, Sigmas.LOG_LINEAR, End.FIRST_LEVEL, PROCESS));
    return all.stream();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("schedulers")
  void listenerAndResult_oneImage_areOnItsLine(
      PublishedSolver solver, Sigmas sigmas, End end, ProcessConfig process) {
    PublishedScheduler scheduler =
        new PublishedScheduler(solver, spacing(solver), 0, sigmas, end, new Bound.None());
    List<Double> epsilons = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      double result =
          new PublishedSamplers(scheduler, process, 10)
              .sampler(0)
              .sample(ONE_IMAGE, start(), step -> epsilons.add(epsilon(step)), 1, 1, 1, 1)
              .item();

      for (double epsilon : epsilons) {
        assertThat(epsilon).isCloseTo(epsilons.get(0), within(1e-6));
      }
      NoiseLevel last = last(process, end);
      assertThat(result)
          .isCloseTo(last.signal() * IMAGE + last.noise() * epsilons.get(0), within(1e-8));
    }
  }

  /** Diffusers' PNDM goes by strides of T / S, and leaves the line where times are not as far. */
  private static Spacing spacing(PublishedSolver solver) {
    return solver instanceof Pndm ? Spacing.TRAILING : Spacing.LINSPACE;
  }

  private static double epsilon(SamplingListener.Step step) {
    return (step.xt().item() - step.level().signal() * IMAGE) / step.level().noise();
  }

  private static NoiseLevel last(ProcessConfig process, End end) {
    return switch (end) {
      case CLEAN -> NoiseLevel.CLEAN;
      case FIRST_LEVEL ->
          process.equals(PROCESS)
              ? FromConfig.schedule(process.schedule()).level(1)
              : new NoiseLevel(1, 1, EDM.sigmaMin());
    };
  }

  private static NoiseSource start() {
    return new NoiseSource() {
      @Override
      public Tensor xT(long... shape) {
        return Tensor.full(0.7, shape).to(DType.F64);
      }

      @Override
      public Tensor z(int draw, long... shape) {
        throw new AssertionError("these samplers draw no noise");
      }
    };
  }

  private static Dpm dpm(Dpm.Form form) {
    return new Dpm(
        form, 2, Dpm.Algorithm.DPMSOLVER_PLUS_PLUS, Dpm.SolverType.MIDPOINT, Dpm.LastSteps.FALLING);
  }

  private static ProcessConfig process(ScheduleConfig schedule, PredictionTarget prediction) {
    return new ProcessConfig(schedule, prediction, VarianceChoice.BETA_TILDE, X0Range.UNBOUNDED);
  }
}
