package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.diffusion.ZeroTerminalSnr;
import io.github.diffusion4j.sampling.DpmOptions.Rule;
import io.github.diffusion4j.sampling.UniPcOptions.Scale;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Exponential integrators where λ is infinite, steps are few, or the last step stays. */
class SolverEndsTest {
  private static final Denoiser MIXTURE =
      new MixtureDenoiser(
          GaussianMixture.of(Component.of(0.3, 0.1, -1), Component.of(0.7, 0.2, 0.8)));

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** All that differ in their formulas. */
  static Stream<Function<NoiseGrid, Sampler>> solvers() {
    Stream.Builder<Function<NoiseGrid, Sampler>> all = Stream.builder();
    for (int order = 1; order <= 3; order++) {
      int p = order;
      for (Integrand integrand : Integrand.values()) {
        for (ReverseDynamics process : ReverseDynamics.values()) {
          for (Rule rule : Rule.values()) {
            DpmOptions options = new DpmOptions(p, integrand, process, rule, FinalOrder.FULL);
            all.add(grid -> new DpmMultistepSampler(grid, options));
            all.add(grid -> new DpmSingleStepSampler(grid, options));
          }
        }
        for (Scale scale : Scale.values()) {
          UniPcOptions options = UniPcOptions.ofOrder(p).with(integrand).with(scale);
          all.add(grid -> new UniPcSampler(grid, options.with(FinalOrder.FULL)));
        }
      }
      all.add(grid -> new DeisSampler(grid, p, FinalOrder.FULL));
    }
    return all.build();
  }

  @ParameterizedTest
  @MethodSource("solvers")
  void sample_fewSteps_isFinite(Function<NoiseGrid, Sampler> solver) {
    for (int steps : new int[] {1, 2, 3, 4, 7}) {
      NoiseSchedule schedule = LinearSchedule.ddpm();
      NoiseGrid grid = NoiseGrid.of(schedule, SubSequence.linspace(1000, steps));

      assertThat(DoubleStream.of(ends(solver.apply(grid))))
          .as("%d steps", steps)
          .allMatch(Double::isFinite);
    }
  }

  @ParameterizedTest
  @MethodSource("solvers")
  void sample_fromNothingButNoise_isFinite(Function<NoiseGrid, Sampler> solver) {
    NoiseSchedule schedule = ZeroTerminalSnr.of(LinearSchedule.ddpm());
    assertThat(schedule.level(1000).signal()).isZero();

    for (int steps : new int[] {1, 2, 5, 12}) {
      NoiseGrid grid = NoiseGrid.of(schedule, SubSequence.trailing(1000, steps));
      assertThat(DoubleStream.of(ends(solver.apply(grid))))
          .as("%d steps", steps)
          .allMatch(Double::isFinite);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sample_lastStepThatStays_changesNothing(Rule rule) {
    NoiseSchedule schedule = LinearSchedule.ddpm();
    NoiseGrid grid =
        NoiseGrid.of(schedule, SubSequence.linspace(1000, 12)).endingAt(schedule.level(1));
    for (Integrand integrand : Integrand.values()) {
      for (ReverseDynamics process : ReverseDynamics.values()) {
        DpmOptions options = new DpmOptions(3, integrand, process, rule, FinalOrder.FULL);
        double[] before = new double[2];

        double[] after =
            ends(
                new DpmMultistepSampler(grid, options),
                step -> System.arraycopy(step.xt().toDoubles(), 0, before, 0, 2));

        assertNumbers(after).areCloseTo(before, 1e-15);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("solvers")
  void sample_longestSchedule_isFinite(Function<NoiseGrid, Sampler> solver) {
    for (int steps : new int[] {1, 4000}) {
      NoiseSchedule schedule = LinearSchedule.of(steps, 1e-4, 0.02);
      NoiseGrid grid = NoiseGrid.of(schedule, SubSequence.linspace(steps, Math.min(steps, 40)));

      assertThat(DoubleStream.of(ends(solver.apply(grid))))
          .as("T = %d", steps)
          .allMatch(Double::isFinite);
    }
  }

  @Test
  void deis_anyOrder_isDpmSolverOfNoiseWithTheExactRule() {
    NoiseGrid grid = NoiseGrid.of(LinearSchedule.ddpm(), SubSequence.trailing(1000, 10));

    for (int order = 1; order <= 3; order++) {
      DpmOptions same = DpmOptions.plusPlus(order).with(Integrand.EPSILON).with(Rule.EXACT);
      assertThat(ends(new DeisSampler(grid, order, FinalOrder.FALLING_IN_SHORT_RUNS)))
          .containsExactly(ends(new DpmMultistepSampler(grid, same)));
    }
  }

  @Test
  void orderOne_anySolver_isDdim() {
    SubSequence tau = SubSequence.trailing(1000, 10);
    NoiseGrid grid = NoiseGrid.of(LinearSchedule.ddpm(), tau);
    double[] ddim = ends(new DdimSampler(LinearSchedule.ddpm(), tau, 0));

    for (Sampler first :
        List.of(
            new DpmMultistepSampler(grid, DpmOptions.plusPlus(1)),
            new DpmMultistepSampler(grid, DpmOptions.plusPlus(1).with(Integrand.EPSILON)),
            new DpmSingleStepSampler(grid, DpmOptions.plusPlus(1)),
            new UniPcSampler(grid, UniPcOptions.ofOrder(1).with(UniPcOptions.Corrector.NEVER)),
            new DeisSampler(grid, 1, FinalOrder.FULL))) {
      assertNumbers(ends(first)).areCloseTo(ddim, 1e-12);
    }
  }

  @Test
  void finalOrder_eachKind_limitsTheLastSteps() {
    assertThat(most(FinalOrder.FULL, 14)).containsExactly(9, 9, 9);
    assertThat(most(FinalOrder.FALLING, 20)).containsExactly(3, 2, 1);
    assertThat(most(FinalOrder.FALLING_IN_SHORT_RUNS, 14)).containsExactly(3, 2, 1);
    assertThat(most(FinalOrder.FALLING_IN_SHORT_RUNS, 15)).containsExactly(9, 9, 9);
    assertThat(most(FinalOrder.EULER_AT_LAST, 15)).containsExactly(9, 9, 1);
    assertThat(most(FinalOrder.FALLING_IN_SHORT_RUNS.and(FinalOrder.EULER_AT_LAST), 15))
        .containsExactly(9, 9, 1);
  }

  private static int[] most(FinalOrder finalOrder, int steps) {
    return IntStream.of(3, 2, 1).map(s -> Math.min(9, finalOrder.most(s, steps))).toArray();
  }

  @Test
  void wrongOrders_areRefused() {
    NoiseGrid grid = NoiseGrid.of(LinearSchedule.ddpm(), SubSequence.of(1, 2));

    assertThatThrownBy(() -> DpmOptions.plusPlus(4)).hasMessage("order is 4; allowed: 1, 2 or 3");
    assertThatThrownBy(() -> new DeisSampler(grid, 0, FinalOrder.FULL))
        .hasMessage("order is 0; allowed: 1, 2 or 3");
    assertThatThrownBy(() -> UniPcOptions.ofOrder(0)).hasMessage("order is 0; allowed: 1 or more");
  }

  private static double[] ends(Sampler sampler) {
    return ends(sampler, SamplingListener.NONE);
  }

  private static double[] ends(Sampler sampler, SamplingListener listener) {
    FixedNoise noise = new FixedNoise(Tensor.of(new double[] {-1.3, 0.4}, 2, 1), 0.5);
    return sampler.sample(MIXTURE, noise, listener, 2, 1).toDoubles();
  }
}
