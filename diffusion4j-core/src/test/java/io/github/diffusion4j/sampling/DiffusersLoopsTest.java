package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares whole runs with those of diffusers' schedulers in the loop of its pipelines. */
class DiffusersLoopsTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final NoiseCurve CURVE = new ScheduleCurve(DDPM);
  private static final ToDoubleFunction<NoiseLevel> SCALED = NoiseLevel::signal;
  private static final long[] SHAPE = {2, 3, 4, 4};

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"linspace", "leading", "trailing", "karras", "exponential"})
  void samplersInSigma_allSpacings_equalDiffusers(String spacing) {
    for (String kind : List.of("epsilon", "v_prediction")) {
      String which = kind + "." + spacing;
      check("euler." + which, EulerSampler::new, spacing, kind);
      check("lms." + which, grid -> new LmsSampler(grid, 4), spacing, kind);
      check("heun." + which, HeunSampler::new, spacing, kind);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linspace", "leading", "trailing"})
  void eulerAncestral_allSpacings_equalsDiffusers(String spacing) {
    for (String kind : List.of("epsilon", "v_prediction")) {
      check("euler_ancestral." + kind + "." + spacing, EulerSampler::ancestral, spacing, kind);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void pndm_bothStarts_equalsDiffusers(boolean toOne) {
    // steps_offset = 1: one more than SubSequence.leading
    SubSequence tau = SubSequence.of(IntStream.range(0, 10).map(i -> 100 * i + 2).toArray());
    NoiseGrid whole = NoiseGrid.of(DDPM, tau);
    NoiseGrid grid = toOne ? whole : whole.endingAt(DDPM.level(1));
    for (String kind : List.of("epsilon", "v_prediction")) {
      Prediction prediction = prediction(kind);
      String which = "." + kind + (toOne ? ".True" : ".False");
      check(
          "pndm" + which,
          new PndmSampler(grid, PndmSampler.Start.RUNGE_KUTTA, prediction),
          network(kind),
          start(),
          level -> 1,
          grid.level(0));
      check(
          "pndm_plms" + which,
          new PndmSampler(grid, PndmSampler.Start.TWO_LOOKS, prediction),
          network(kind),
          start(),
          level -> 1,
          grid.level(0));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void ddim_anyEta_equalsDiffusers(double eta) {
    for (String kind : List.of("epsilon", "v_prediction")) {
      check(
          "ddim." + kind + "." + eta,
          new DdimSampler(DDPM, SubSequence.trailing(1000, 10), eta),
          network(kind),
          start(),
          level -> 1,
          NoiseLevel.CLEAN);
    }
  }

  @ParameterizedTest
  @CsvSource({"epsilon, True", "epsilon, False", "v_prediction, True", "v_prediction, False"})
  void ddimInversion_clippedOrNot_equalsDiffusers(String kind, String clip) {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.leading(1000, 10));
    Denoiser free = network(kind);
    // diffusers clips x̂₀ and keeps ε̂ as it is
    Denoiser denoiser =
        (xt, level) -> {
          Estimate estimate = free.estimate(xt, level);
          Tensor x0Hat = estimate.x0Hat();
          return new Estimate(
              clip.equals("True") ? x0Hat.clamp(-1, 1) : x0Hat, estimate.epsilonHat());
        };
    List<Tensor> seen = new ArrayList<>();

    Tensor xT =
        new DdimInversion(grid)
            .encode(denoiser, start(), step -> seen.add(step.xt().copy().outlivingScopes()));

    seen.remove(0);
    seen.add(xT);
    String name = "ddim_inverse." + kind + "." + clip;
    GoldenRuns.assertSame(seen, golden(name), name);
  }

  private static void check(
      String name, Function<NoiseGrid, Sampler> sampler, String spacing, String kind) {
    NoiseGrid grid = grid(spacing);
    // where the spacing begins at T, the start has variance σ² in x / signal, else σ² + 1
    double scale = spacing.equals("leading") ? 1 : grid.level(10).noise();
    check(name, sampler.apply(grid), network(kind), start().times(scale), SCALED, grid.level(0));
  }

  private static void check(
      String name,
      Sampler sampler,
      Denoiser denoiser,
      Tensor start,
      ToDoubleFunction<NoiseLevel> unit,
      NoiseLevel end) {
    Tensor drawn = golden("noise");
    NoiseSource noise =
        new NoiseSource() {
          @Override
          public Tensor xT(long... shape) {
            return start;
          }

          @Override
          public Tensor z(int draw, long... shape) {
            return drawn.select(0, 10 - draw);
          }
        };
    GoldenRuns.assertSame(
        GoldenRuns.trajectory(sampler, denoiser, noise, unit, end, SHAPE), golden(name), name);
  }

  private static NoiseGrid grid(String spacing) {
    double least = DDPM.level(1).sigma();
    double most = DDPM.level(1000).sigma();
    return switch (spacing) {
      case "linspace" -> NoiseGrid.linspace(DDPM, 10);
      case "leading" -> NoiseGrid.of(DDPM, SubSequence.leading(1000, 10));
      case "trailing" -> NoiseGrid.of(DDPM, SubSequence.trailing(1000, 10));
      case "karras" -> NoiseGrid.ofSigmas(CURVE, SigmaSpacing.karras(10, least, most));
      case "exponential" -> NoiseGrid.ofSigmas(CURVE, SigmaSpacing.exponential(10, least, most));
      default -> throw new IllegalArgumentException(spacing);
    };
  }

  private static Denoiser network(String kind) {
    return new NetworkDenoiser(
        (xt, time) -> {
          double t = time.toFloats()[0];
          return Functions.sin(xt).times(0.1 + 0.0009 * t);
        },
        prediction(kind));
  }

  private static Prediction prediction(String kind) {
    return kind.equals("epsilon") ? Prediction.EPSILON : Prediction.V;
  }

  private static Tensor start() {
    return Tensor.arange(96).to(DType.F32).dividedBy(48).minus(1).reshape(SHAPE);
  }

  private static Tensor golden(String name) {
    Map<String, Tensor> all = GoldenRuns.read("extra.safetensors");
    return Objects.requireNonNull(all.get(name), name);
  }
}
