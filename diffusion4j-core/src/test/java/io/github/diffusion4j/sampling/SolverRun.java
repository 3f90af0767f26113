package io.github.diffusion4j.sampling;

import io.github.diffusion4j.PublishedSamplers;
import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Bound;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.checkpoint.PublishedSolver;
import io.github.diffusion4j.checkpoint.PublishedSolver.Deis;
import io.github.diffusion4j.checkpoint.PublishedSolver.Dpm;
import io.github.diffusion4j.checkpoint.PublishedSolver.Dpm.LastSteps;
import io.github.diffusion4j.checkpoint.PublishedSolver.LastOrder;
import io.github.diffusion4j.checkpoint.PublishedSolver.UniPc;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A run of one of diffusers' schedulers, from its own words to ours; see golden/solvers. */
record SolverRun(Map<String, String> options) {
  private static final ProcessConfig PROCESS =
      new ProcessConfig(
          new ScheduleConfig.Linear(1000, 1e-4, 0.02),
          ProcessConfig.PredictionTarget.EPSILON,
          ProcessConfig.VarianceChoice.BETA_TILDE,
          ProcessConfig.X0Range.UNBOUNDED);

  String name() {
    return option("name");
  }

  private String option(String key) {
    return Objects.requireNonNull(options.get(key), key);
  }

  private int number(String key) {
    return Integer.parseInt(option(key));
  }

  private boolean isTrue(String key) {
    return "True".equals(options.get(key));
  }

  Sampler sampler() {
    return new PublishedSamplers(scheduler(), PROCESS, number("steps")).sampler(0);
  }

  /** How many steps are left where the run begins. */
  int begin() {
    return number("steps") - number("start");
  }

  private PublishedScheduler scheduler() {
    Sigmas sigmas =
        switch (option("grid")) {
          case "karras" -> Sigmas.KARRAS;
          case "lu" -> Sigmas.LU;
          case "exponential" -> Sigmas.EXPONENTIAL;
          default -> Sigmas.OF_TIMES;
        };
    return new PublishedScheduler(
        solver(),
        Word.find(Spacing.class, option("grid")).orElse(Spacing.LINSPACE),
        0,
        sigmas,
        option("end").equals("zero") ? End.CLEAN : End.FIRST_LEVEL,
        bound());
  }

  private PublishedSolver solver() {
    int order = number("solver_order");
    LastOrder last = isTrue("lower_order_final") ? LastOrder.FALLING : LastOrder.FULL;
    return switch (option("scheduler")) {
      case "multi" -> dpm(Dpm.Form.MULTISTEP);
      case "single" -> dpm(Dpm.Form.SINGLE_STEP);
      case "deis" -> new Deis(order, last);
      default ->
          new UniPc(
              order,
              isTrue("predict_x0") ? UniPc.Interpolated.X0 : UniPc.Interpolated.EPSILON,
              Word.parse(UniPc.Scale.class, "solver_type", option("solver_type")),
              Arrays.stream(option("disable_corrector").split(" "))
                  .filter(step -> !step.isEmpty())
                  .map(Integer::valueOf)
                  .collect(Collectors.toSet()),
              last);
    };
  }

  private Dpm dpm(Dpm.Form form) {
    String word = option("algorithm_type");
    Dpm.Algorithm algorithm =
        switch (word) {
          case "dpmsolver++" -> Dpm.Algorithm.DPMSOLVER_PLUS_PLUS;
          case "dpmsolver" -> Dpm.Algorithm.DPMSOLVER;
          case "sde-dpmsolver++" -> Dpm.Algorithm.SDE_DPMSOLVER_PLUS_PLUS;
          case "sde-dpmsolver" -> Dpm.Algorithm.SDE_DPMSOLVER;
          default -> throw new IllegalArgumentException(word);
        };
    boolean falls = isTrue("lower_order_final");
    boolean euler = isTrue("euler_at_final");
    LastSteps last = falls ? LastSteps.FALLING : LastSteps.FULL;
    LastSteps lastWithEuler = falls ? LastSteps.FALLING_AND_EULER : LastSteps.EULER;
    return new Dpm(
        form,
        number("solver_order"),
        algorithm,
        Word.parse(Dpm.SolverType.class, "solver_type", option("solver_type")),
        euler ? lastWithEuler : last);
  }

  private Bound bound() {
    return Optional.ofNullable(options.get("threshold"))
        .filter(values -> !values.isEmpty())
        .map(values -> values.split(" "))
        .map(
            two ->
                (Bound) new Bound.Threshold(Double.parseDouble(two[0]), Double.parseDouble(two[1])))
        .orElseGet(Bound.None::new);
  }

  Denoiser denoiser() {
    Prediction prediction =
        switch (option("prediction_type")) {
          case "epsilon" -> Prediction.EPSILON;
          case "sample" -> Prediction.X0;
          default -> Prediction.V;
        };
    return PublishedSamplers.bounded(
        new NetworkDenoiser(SolverRun::dummy, prediction), scheduler());
  }

  /** x · t / (t + 1), for a batch of one time. */
  private static Tensor dummy(Tensor xt, Tensor networkTime) {
    double t = networkTime.toFloats()[0];
    return xt.times(t).dividedBy(t + 1);
  }

  /** The noise of make.py: sin(1 + 0.37 i + 1.7 k) for element i of the draw k. */
  NoiseSource noise(Tensor start) {
    int left = begin();
    return new NoiseSource() {
      @Override
      public Tensor xT(long... shape) {
        return start;
      }

      @Override
      public Tensor z(int draw, long... shape) {
        float[] z = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < z.length; i++) {
          z[i] = (float) Math.sin(1 + 0.37 * i + 1.7 * (left - draw + 1));
        }
        return Tensor.of(z, shape);
      }
    };
  }
}
