package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.DpmOptions.Rule;
import io.github.diffusion4j.sampling.UniPcOptions.Corrector;
import io.github.diffusion4j.sampling.UniPcOptions.Scale;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A run of one of diffusers' schedulers, from its own words to ours; see golden/solvers. */
record SolverRun(Map<String, String> options) {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();

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
    int left = number("steps") - number("start");
    int order = number("solver_order");
    return switch (option("scheduler")) {
      case "multi" -> new DpmMultistepSampler(grid().from(left), dpm(order, multistepEnd()));
      case "single" -> {
        FinalOrder end = isTrue("lower_order_final") ? FinalOrder.FALLING : FinalOrder.FULL;
        yield new DpmSingleStepSampler(grid(), dpm(order, end)).from(left);
      }
      case "deis" -> new DeisSampler(grid().from(left), order, multistepEnd());
      default -> new UniPcSampler(grid().from(left), uniPc(order));
    };
  }

  private DpmOptions dpm(int order, FinalOrder finalOrder) {
    String algorithm = option("algorithm_type");
    return new DpmOptions(
        order,
        algorithm.endsWith("++") ? Integrand.X0 : Integrand.EPSILON,
        algorithm.startsWith("sde") ? ReverseDynamics.SDE : ReverseDynamics.ODE,
        option("solver_type").equals("heun") ? Rule.HEUN : Rule.MIDPOINT,
        finalOrder);
  }

  private UniPcOptions uniPc(int order) {
    Set<Integer> disabled =
        Arrays.stream(option("disable_corrector").split(" "))
            .filter(step -> !step.isEmpty())
            .map(Integer::valueOf)
            .collect(Collectors.toSet());
    Corrector corrector = number -> !disabled.contains(number - 1);
    return new UniPcOptions(
        order,
        isTrue("predict_x0") ? Integrand.X0 : Integrand.EPSILON,
        option("solver_type").equals("bh1") ? Scale.BH1 : Scale.BH2,
        corrector,
        isTrue("lower_order_final") ? FinalOrder.FALLING : FinalOrder.FULL);
  }

  /** As diffusers has it: by the number of steps of the whole run, wherever it begins. */
  private FinalOrder multistepEnd() {
    FinalOrder falling =
        isTrue("lower_order_final") && number("steps") < 15 ? FinalOrder.FALLING : FinalOrder.FULL;
    return isTrue("euler_at_final") ? falling.and(FinalOrder.EULER_AT_LAST) : falling;
  }

  private NoiseGrid grid() {
    int steps = number("steps");
    double smallest = DDPM.level(1).sigma();
    double largest = DDPM.level(1000).sigma();
    ScheduleCurve curve = new ScheduleCurve(DDPM);
    double[] exponential = SigmaSpacing.exponential(steps, smallest, largest);
    NoiseGrid grid =
        switch (option("grid")) {
          case "linspace" ->
              NoiseGrid.of(DDPM, SubSequence.linspace(1000, steps + 1).withoutFirst());
          case "leading" -> NoiseGrid.of(DDPM, SubSequence.leading(1000, steps + 1).withoutFirst());
          case "trailing" -> NoiseGrid.of(DDPM, SubSequence.trailing(1000, steps));
          case "karras" ->
              NoiseGrid.ofSigmas(curve, SigmaSpacing.karras(steps, smallest, largest))
                  .atWholeTimes();
          case "lu" -> NoiseGrid.ofSigmas(curve, exponential).atWholeTimes();
          default -> roundedDown(NoiseGrid.ofSigmas(curve, exponential));
        };
    return option("end").equals("zero") ? grid : grid.endingAt(DDPM.level(1));
  }

  /** For exponential spacing diffusers cuts the digits behind the point of each time. */
  private static NoiseGrid roundedDown(NoiseGrid grid) {
    return NoiseGrid.of(
        grid.curve(),
        IntStream.rangeClosed(0, grid.steps())
            .mapToObj(grid::level)
            .map(
                level ->
                    new NoiseLevel(Math.floor(level.t() + 1e-9), level.signal(), level.noise()))
            .toArray(NoiseLevel[]::new));
  }

  Denoiser denoiser() {
    Prediction prediction =
        switch (option("prediction_type")) {
          case "epsilon" -> Prediction.EPSILON;
          case "sample" -> Prediction.X0;
          default -> Prediction.V;
        };
    Denoiser denoiser = new NetworkDenoiser(SolverRun::dummy, prediction);
    return Optional.ofNullable(options.get("threshold"))
        .filter(values -> !values.isEmpty())
        .map(values -> values.split(" "))
        .map(two -> new DynamicThreshold(Double.parseDouble(two[0]), Double.parseDouble(two[1])))
        .map(threshold -> (Denoiser) BoundedDenoiser.thresholding(denoiser, threshold))
        .orElse(denoiser);
  }

  /** x · t / (t + 1), for a batch of one time. */
  private static Tensor dummy(Tensor xt, Tensor networkTime) {
    double t = networkTime.toFloats()[0];
    return xt.times(t).dividedBy(t + 1);
  }

  /** The noise of make.py: sin(1 + 0.37 i + 1.7 k) for element i of the draw k. */
  NoiseSource noise(Tensor start) {
    int left = number("steps") - number("start");
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
