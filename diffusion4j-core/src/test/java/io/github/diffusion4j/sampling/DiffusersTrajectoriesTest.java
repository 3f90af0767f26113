package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares every step with the trajectories of diffusers' own tests. */
@Tag("numerics")
class DiffusersTrajectoriesTest {
  private static final double ROUNDING =
      Engine.buildDescription().contains("CPU capability usage: DEFAULT")
          ? 5.8 * 3 * 0x1p-22
          : 1e-6;
  private static final NoiseSchedule SHORT = LinearSchedule.ddpm();
  private static final NoiseSchedule LONG = LinearSchedule.of(1100, 1e-4, 0.02);
  private static final NoiseSchedule NOISY = LinearSchedule.of(1000, 0.01, 0.02);
  private static final long[] SHAPE = {4, 3, 8, 8};

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
  @CsvSource({
    "no_noise, linspace, epsilon",
    "with_v_prediction, linspace, v",
    "karras, karras, epsilon"
  })
  void euler_scaledSamples_equalsDiffusers(String name, String spacing, String kind) {
    checkScaled("euler." + name, grid(spacing), kind, false, start().times(sigmaMax()));
  }

  @ParameterizedTest
  @CsvSource({
    "no_noise, linspace, epsilon",
    "with_v_prediction, linspace, v",
    "karras, karras, epsilon"
  })
  void heun_scaledSamples_equalsDiffusers(String name, String spacing, String kind) {
    checkScaled("heun." + name, grid(spacing), kind, true, start().times(sigmaMax()));
  }

  @ParameterizedTest
  @CsvSource({"euler, false", "heun, true"})
  void samplersInSigma_fromTheMiddle_equalDiffusers(String family, boolean heun) {
    NoiseGrid rest = grid("linspace").from(2);
    Tensor noisy = start().times(sigmaMax()).plus(addedNoise().times(rest.level(2).sigma()));

    checkScaled(family + ".with_noise", rest, "epsilon", heun, noisy);
  }

  @ParameterizedTest
  @CsvSource({"no_noise, epsilon", "with_v_prediction, v"})
  void pndm_endingAtTheFirstStep_equalsDiffusers(String name, String kind) {
    checkPndm(name, grid(SHORT, false), prediction(kind));
  }

  @ParameterizedTest
  @CsvSource({"set_alpha_to_one, true", "no_set_alpha_to_one, false"})
  void samplers_noisyScheduleAndBothEnds_equalDiffusers(String name, boolean clean) {
    NoiseGrid grid = grid(NOISY, clean);

    checkPndm("with_" + name, grid, Prediction.EPSILON);
    GoldenRuns.assertSame(
        run(new DdimSampler(grid, 0), clippedLikeDiffusers(), start()),
        golden("ddim.with_" + name),
        "ddim");
  }

  @Test
  void ddim_fromTheMiddle_equalsDiffusers() {
    NoiseGrid rest = NoiseGrid.of(SHORT, SubSequence.leading(1000, 10)).from(2);
    Tensor noisy = new Estimate(start(), addedNoise()).at(rest.level(2));

    GoldenRuns.assertSame(
        run(new DdimSampler(rest, 0), clippedLikeDiffusers(), noisy),
        golden("ddim.with_noise"),
        "ddim");
  }

  @ParameterizedTest
  @CsvSource({"no_noise, epsilon", "with_v_prediction, v"})
  void ddpm_thousandSteps_equalsDiffusers(String name, String kind) {
    Denoiser denoiser = BoundedDenoiser.clipping(network(prediction(kind)), 1);
    Sampler sampler = new DdpmSampler(SHORT, FixedVariance.BETA_TILDE);
    int[] stored = {0, 1, 2, 100, 200, 300, 400, 500, 600, 700, 800, 900, 998, 999};

    List<Tensor> all =
        GoldenRuns.trajectory(
            sampler, denoiser, torchNoise(start(), 1000), l -> 1, NoiseLevel.CLEAN, SHAPE);

    GoldenRuns.assertSame(
        IntStream.of(stored).mapToObj(all::get).toList(), golden("ddpm." + name), "ddpm");
  }

  @Test
  void ddpm_fromTheSecondStep_equalsDiffusers() {
    Tensor noisy = new Estimate(start(), addedNoise()).at(SHORT.level(2));
    Denoiser denoiser = BoundedDenoiser.clipping(network(Prediction.EPSILON), 1);
    Sampler sampler = new DdpmSampler(SHORT, SubSequence.of(1, 2), FixedVariance.BETA_TILDE);

    GoldenRuns.assertSame(
        GoldenRuns.trajectory(
            sampler, denoiser, torchNoise(noisy, 2), l -> 1, NoiseLevel.CLEAN, SHAPE),
        golden("ddpm.with_noise"),
        "ddpm");
  }

  /**
   * Steps one by one, as diffusers' tests do: each begins at the scaled sample, x · signal in place
   * of x in the variable x / signal.
   */
  private static void checkScaled(
      String name, NoiseGrid grid, String kind, boolean heun, Tensor first) {
    Tensor golden = golden(name);
    int next = 0;
    Tensor sample = first;
    for (int s = grid.steps(); s >= 1; s--) {
      NoiseLevel now = grid.level(s);
      NoiseGrid step = NoiseGrid.of(grid.curve(), grid.level(s - 1), now);
      Tensor start = sample.times(now.signal() * now.signal());
      List<Tensor> seen =
          GoldenRuns.trajectory(
              heun ? new HeunSampler(step) : new EulerSampler(step),
              scaledTwice(prediction(kind)),
              new FixedNoise(start, 0),
              NoiseLevel::signal,
              grid.level(s - 1),
              SHAPE);
      for (Tensor x : seen) {
        GoldenRuns.assertSame(x, golden.select(0, next), name + ", step " + next);
        next++;
      }
      sample = seen.get(seen.size() - 1);
    }
    assertThat(next).isEqualTo((int) golden.size(0));
  }

  /** The network sees x, and its answer is taken for one to x · signal. */
  private static Denoiser scaledTwice(Prediction prediction) {
    int[] look = new int[1];
    return (xt, level) -> {
      boolean second = look[0]++ % 2 == 1; // of Heun's: xt is not yet scaled
      Tensor input = second ? xt : xt.dividedBy(level.signal());
      Tensor taken = second ? xt.times(level.signal()) : xt;
      Tensor output = dummy(input, level.t() - 1);
      BatchLevels levels = BatchLevels.same(level, xt);
      return new Estimate(
          prediction.x0Hat(taken, output, levels), prediction.epsilonHat(taken, output, levels));
    };
  }

  private static void checkPndm(String name, NoiseGrid grid, Prediction prediction) {
    Sampler sampler = new PndmSampler(grid, PndmSampler.Start.RUNGE_KUTTA, prediction);

    GoldenRuns.assertSame(run(sampler, network(prediction), start()), golden("pndm." + name), name);
  }

  /** Ten steps; with set_alpha_to_one=False the last one stays where it last looked. */
  private static NoiseGrid grid(NoiseSchedule schedule, boolean clean) {
    NoiseGrid grid = NoiseGrid.of(schedule, SubSequence.leading(1000, 10));
    return clean ? grid : grid.endingAt(schedule.level(1));
  }

  private static List<Tensor> run(Sampler sampler, Denoiser denoiser, Tensor start) {
    return GoldenRuns.trajectory(
        sampler, denoiser, new FixedNoise(start, Double.NaN), l -> 1, NoiseLevel.CLEAN, SHAPE);
  }

  private static Denoiser network(Prediction prediction) {
    return new NetworkDenoiser((xt, time) -> dummy(xt, time.toFloats()[0]), prediction);
  }

  private static Denoiser clippedLikeDiffusers() {
    return BoundedDenoiser.clipping(network(Prediction.EPSILON), 1).keepingNoise();
  }

  /**
   * The numbers that torch's generator with seed 0 gives one after the other. Without vectors its
   * kernels round the angle, up to 2π in single precision, in another way: twice by 2^-22, and by
   * as much if 2π is rounded first. The radius is 5.8 at most.
   */
  private static NoiseSource torchNoise(Tensor start, int steps) {
    Tensor stream = new Seed(0).normal(999 * 768).reshape(999, 4, 3, 8, 8);
    assertNumbers(stream.select(0, 0).toFloats())
        .areCloseTo(golden("ddpm.noise.first").toFloats(), ROUNDING);
    assertNumbers(stream.select(0, 998).toFloats())
        .areCloseTo(golden("ddpm.noise.last").toFloats(), ROUNDING);
    return new NoiseSource() {
      @Override
      public Tensor xT(long... shape) {
        return start;
      }

      @Override
      public Tensor z(int draw, long... shape) {
        return stream.select(0, steps - draw);
      }
    };
  }

  private static NoiseGrid grid(String spacing) {
    return spacing.equals("linspace")
        ? NoiseGrid.linspace(LONG, 10)
        : NoiseGrid.ofSigmas(
            new ScheduleCurve(LONG), SigmaSpacing.karras(10, LONG.level(1).sigma(), sigmaMax()));
  }

  private static double sigmaMax() {
    return LONG.level(1100).sigma();
  }

  private static Prediction prediction(String kind) {
    return kind.equals("v") ? Prediction.V : Prediction.EPSILON;
  }

  private static Tensor dummy(Tensor x, double t) {
    return x.times(t).dividedBy(t + 1);
  }

  private static Tensor start() {
    return inOrder(Tensor.arange(768));
  }

  private static Tensor addedNoise() {
    return inOrder(Tensor.arange(768).flip(0));
  }

  private static Tensor inOrder(Tensor values) {
    return values.to(DType.F32).dividedBy(768).reshape(3, 8, 8, 4).permute(3, 0, 1, 2).contiguous();
  }

  private static Tensor golden(String name) {
    return Objects.requireNonNull(GoldenRuns.read("trajectories.safetensors").get(name), name);
  }
}
