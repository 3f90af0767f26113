package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.diffusion.ZeroTerminalSnr;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every sampler ends in finite numbers, whatever the schedule and its length, and with steps enough
 * near the data.
 */
class EveryScheduleTest {
  private static final Denoiser DATA =
      new MixtureDenoiser(GaussianMixture.of(Component.of(1, 0.25, 0.3)));

  private static final Map<String, Function<NoiseGrid, Sampler>> SAMPLERS =
      Map.ofEntries(
          Map.entry("DDIM", grid -> new DdimSampler(grid, 0.5)),
          Map.entry("Euler", grid -> new EulerSampler(grid, Churn.of(1))),
          Map.entry("Euler ancestral", EulerSampler::ancestral),
          Map.entry("Heun", grid -> new HeunSampler(grid, Churn.of(1))),
          Map.entry("LMS", grid -> new LmsSampler(grid, 2)),
          Map.entry("PNDM", grid -> new PndmSampler(grid, PndmSampler.Start.RUNGE_KUTTA)),
          Map.entry("PLMS", grid -> new PndmSampler(grid, PndmSampler.Start.TWO_LOOKS)),
          Map.entry("reverse SDE", grid -> new ReverseSdeSampler(grid, 1)),
          Map.entry(
              "predictor–corrector",
              grid -> new PredictorCorrectorSampler(grid, 1, LangevinStep.ofNoise(0.1))),
          Map.entry("Langevin", grid -> new LangevinSampler(grid, 10, LangevinStep.ofNoise(0.4))),
          Map.entry("RK45", grid -> new AdaptiveOdeSampler(grid, new Tolerance(1e-4, 1e-4))));

  static Stream<Arguments> cases() {
    return SAMPLERS.keySet().stream()
        .sorted()
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, "one step", NoiseSchedule.ofBetas(0.5)),
                    Arguments.of(name, "two steps", NoiseSchedule.ofBetas(0.1, 0.5)),
                    Arguments.of(name, "linear, 4000", LinearSchedule.rescaled(4000, 1e-4, 0.02)),
                    Arguments.of(name, "cosine", CosineSchedule.of(1000)),
                    Arguments.of(name, "no signal", ZeroTerminalSnr.of(LinearSchedule.ddpm()))));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void sample_anyNumberOfSteps_isFinite(String name, String kind, NoiseSchedule schedule) {
    int[] counts = IntStream.of(1, 2, 3, 5, 60, 200).filter(n -> n <= schedule.steps()).toArray();
    for (int steps : counts) {
      NoiseGrid grid = NoiseGrid.of(schedule, SubSequence.trailing(schedule.steps(), steps));
      for (NoiseGrid levels :
          steps == 1
              ? new NoiseGrid[] {grid}
              : new NoiseGrid[] {grid, grid.endingAt(grid.level(1))}) {
        try (Scope scope = Scope.open()) {
          double[] ends =
              Objects.requireNonNull(SAMPLERS.get(name))
                  .apply(levels)
                  .sample(DATA, new IndependentNoise(Seed.of(3)), SamplingListener.NONE, 64, 1)
                  .toDoubles();

          // With few steps from σ = 20,000, methods in σ go far astray.
          double bound = steps < 200 ? Float.MAX_VALUE : 6;
          for (double end : ends) {
            assertThat(end).as("%s, %s, %d steps", name, kind, steps).isBetween(-bound, bound);
          }
        }
      }
    }
  }
}
