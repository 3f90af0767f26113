package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What multistep methods and inversion do in the middle of a schedule; see also SamplerContract.
 */
class SampleFromTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final NoiseGrid GRID = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 16));
  private static final int MIDDLE = 10; // the begin of a group of orders 1, 2 and 3
  private static final Denoiser MIXTURE =
      new MixtureDenoiser(
          GaussianMixture.of(Component.of(0.3, 0.1, -1), Component.of(0.7, 0.2, 0.8)));
  private static final double[] IMAGES = {-0.9, 0.1, 1.2};

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static Stream<Function<NoiseGrid, Sampler>> multistep() {
    Stream.Builder<Function<NoiseGrid, Sampler>> all = Stream.builder();
    for (int order = 1; order <= 3; order++) {
      DpmOptions options = DpmOptions.plusPlus(order).with(FinalOrder.FULL);
      UniPcOptions uniPc = UniPcOptions.ofOrder(order).with(FinalOrder.FULL);
      int p = order;
      all.add(grid -> new LmsSampler(grid, p + 1));
      all.add(grid -> new DeisSampler(grid, p, FinalOrder.FULL));
      all.add(grid -> new DpmMultistepSampler(grid, options));
      all.add(grid -> new DpmSingleStepSampler(grid, options));
      all.add(grid -> new UniPcSampler(grid, uniPc));
    }
    all.add(grid -> new PndmSampler(grid, PndmSampler.Start.RUNGE_KUTTA));
    all.add(grid -> new PndmSampler(grid, PndmSampler.Start.TWO_LOOKS));
    return all.build();
  }

  /** It warms up as a run of the remaining levels does. */
  @ParameterizedTest
  @MethodSource("multistep")
  void sampleFrom_multistepMethod_isARunOfTheRemainingLevels(Function<NoiseGrid, Sampler> method) {
    Tensor xs = noised(MIDDLE);

    assertNumbers(run(method.apply(GRID), MIDDLE, xs))
        .areCloseTo(run(method.apply(GRID.from(MIDDLE)), MIDDLE, xs), 1e-12);
  }

  @Test
  void sampleFrom_methodsOfOneLookAStep_beginWithDdim() {
    double[] ddim = secondLook(new DdimSampler(GRID, 0));

    for (Sampler method :
        List.of(
            new LmsSampler(GRID, 4),
            new DeisSampler(GRID, 3, FinalOrder.FULL),
            new DpmMultistepSampler(GRID, DpmOptions.plusPlus(3)),
            new DpmSingleStepSampler(GRID, DpmOptions.plusPlus(3)),
            new UniPcSampler(GRID, UniPcOptions.ofOrder(3)))) {
      assertNumbers(secondLook(method)).areCloseTo(ddim, 1e-12);
    }
  }

  @Test
  void sampleFrom_pndm_beginsWithRungeKuttaAgain() {
    List<Double> times = new ArrayList<>();

    new PndmSampler(GRID, PndmSampler.Start.RUNGE_KUTTA)
        .sampleFrom(MIDDLE, noised(MIDDLE), MIXTURE, NOISE, step -> times.add(step.level().t()));

    assertThat(times).hasSize(3 * 4 + MIDDLE - 3);
    assertThat(times.subList(0, 4))
        .containsExactly(GRID.level(10).t(), 593.0, 593.0, GRID.level(9).t());
  }

  /** With less noise there is less to do, and the error is smaller. */
  @Test
  void sampleFrom_afterInversionToTheSameLevel_returnsTheImages() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 200));
    Tensor x0 = Tensor.of(IMAGES, 3, 1);
    double before = 0;

    for (int s : new int[] {40, 80, 160}) {
      Tensor xs = new DdimInversion(grid.from(s)).encode(MIXTURE, x0, SamplingListener.NONE);
      double[] back = run(new DdimSampler(grid, 0), s, xs);

      double error = 0;
      for (int i = 0; i < back.length; i++) {
        error = Math.max(error, Math.abs(back[i] - IMAGES[i]));
      }
      assertThat(error).isBetween(before, 0.1);
      before = error;
    }
    assertThat(before).isPositive();
  }

  private static double[] secondLook(Sampler sampler) {
    List<double[]> seen = new ArrayList<>();
    sampler.sampleFrom(
        MIDDLE, noised(MIDDLE), MIXTURE, NOISE, step -> seen.add(step.xt().toDoubles()));
    return seen.get(1);
  }

  private static double[] run(Sampler sampler, int s, Tensor xs) {
    return sampler.sampleFrom(s, xs, MIXTURE, NOISE, SamplingListener.NONE).toDoubles();
  }

  private static final NoiseSource NOISE =
      new NoiseSource() {
        @Override
        public Tensor xT(long... shape) {
          return Tensor.of(new double[] {-1.3, 0.4, 0.9}, shape);
        }

        @Override
        public Tensor z(int draw, long... shape) {
          throw new AssertionError("no noise is drawn");
        }
      };

  private static Tensor noised(int s) {
    return GRID.noised(s, Tensor.of(IMAGES, 3, 1), NOISE);
  }
}
