package io.github.diffusion4j.sampling;

import io.github.diffusion4j.PublishedSamplers;
import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Bound;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.checkpoint.PublishedSolver.Pndm;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares whole runs with those of diffusers' schedulers in the loop of its pipelines. */
class DiffusersLoopsTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
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
      check("euler." + which, Plain.EULER, spacing, kind);
      check("lms." + which, Plain.LMS, spacing, kind);
      check("heun." + which, Plain.HEUN, spacing, kind);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linspace", "leading", "trailing"})
  void eulerAncestral_allSpacings_equalsDiffusers(String spacing) {
    for (String kind : List.of("epsilon", "v_prediction")) {
      check("euler_ancestral." + kind + "." + spacing, Plain.EULER_ANCESTRAL, spacing, kind);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void pndm_bothStarts_equalsDiffusers(boolean toOne) {
    End end = toOne ? End.CLEAN : End.FIRST_LEVEL;
    NoiseLevel last = toOne ? NoiseLevel.CLEAN : DDPM.level(1);
    for (String kind : List.of("epsilon", "v_prediction")) {
      for (Pndm.Start start : Pndm.Start.values()) {
        PublishedScheduler scheduler =
            new PublishedScheduler(
                new Pndm(start), Spacing.LEADING, 1, Sigmas.OF_TIMES, end, new Bound.None());
        check(
            (start == Pndm.Start.TWO_LOOKS ? "pndm_plms." : "pndm.")
                + kind
                + (toOne ? ".True" : ".False"),
            samplers(scheduler, kind).sampler(0),
            kind,
            level -> 1,
            last);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void ddim_anyEta_equalsDiffusers(double eta) {
    for (String kind : List.of("epsilon", "v_prediction")) {
      check(
          "ddim." + kind + "." + eta,
          samplers(scheduler(Plain.DDIM, "trailing"), kind).sampler(eta),
          kind,
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

  private static void check(String name, Plain solver, String spacing, String kind) {
    check(
        name,
        samplers(scheduler(solver, spacing), kind).sampler(0),
        kind,
        SCALED,
        NoiseLevel.CLEAN);
  }

  private static void check(
      String name,
      Sampler sampler,
      String kind,
      ToDoubleFunction<NoiseLevel> unit,
      NoiseLevel end) {
    Tensor drawn = golden("noise");
    NoiseSource noise =
        new NoiseSource() {
          @Override
          public Tensor xT(long... shape) {
            return start();
          }

          @Override
          public Tensor z(int draw, long... shape) {
            return drawn.select(0, 10 - draw);
          }
        };
    GoldenRuns.assertSame(
        GoldenRuns.trajectory(sampler, network(kind), noise, unit, end, SHAPE), golden(name), name);
  }

  private static PublishedScheduler scheduler(Plain solver, String spacing) {
    return new PublishedScheduler(
        solver,
        Word.find(Spacing.class, spacing).orElse(Spacing.LINSPACE),
        0,
        Word.find(Sigmas.class, spacing).orElse(Sigmas.OF_TIMES),
        End.CLEAN,
        new Bound.None());
  }

  private static PublishedSamplers samplers(PublishedScheduler scheduler, String kind) {
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.Linear(1000, 1e-4, 0.02),
            kind.equals("epsilon") ? PredictionTarget.EPSILON : PredictionTarget.V,
            VarianceChoice.BETA_TILDE,
            X0Range.UNBOUNDED);
    return new PublishedSamplers(scheduler, process, 10);
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
