package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.SamplingConfig.Sampler;
import io.github.diffusion4j.config.SamplingConfig.Spacing;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.sampling.MixtureDenoiser;
import io.github.diffusion4j.sampling.PointNoise;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplersTest {
  private static final ScheduleConfig.Plain LINEAR = new ScheduleConfig.Linear(1000, 1e-4, 0.02);
  private static final GaussianMixture DATA =
      GaussianMixture.of(Component.of(1, 0.05, -0.5, 0.2), Component.of(1, 0.1, 0.5, -0.2));

  /** Whatever the name, the samples have the mean and the spread of the data. */
  @ParameterizedTest
  @EnumSource
  void of_everySampler_drawsFromTheData(Sampler sampler) {
    int steps = sampler == Sampler.LANGEVIN ? 20 : 100;
    try (Scope scope = Scope.open()) {
      Tensor points = draw(new SamplingConfig(sampler, steps, 0, Spacing.TRAILING), LINEAR, 4000);

      double[] mean = points.mean(0).toDoubles();
      double[] square = points.square().mean(0).toDoubles();
      // Means 0; second moments 0.25 + 0.075 and 0.04 + 0.075. First-order samplers lose up to a
      // fifth of the spread in 100 steps; one that took a wrong turn would lose or gain far more.
      assertThat(mean[0]).isCloseTo(0, within(4 * Math.sqrt(0.325 / 4000) + 0.02));
      assertThat(mean[1]).isCloseTo(0, within(4 * Math.sqrt(0.115 / 4000) + 0.02));
      assertThat(square[0]).isCloseTo(0.325, within(0.2 * 0.325));
      assertThat(square[1]).isCloseTo(0.115, within(0.2 * 0.115));
      // The covariance of the two coordinates is that of the means, −0.1.
      double product = points.select(1, 0).times(points.select(1, 1)).mean().item();
      assertThat(product).isCloseTo(-0.1, within(0.02));
    }
  }

  /** From one step up, at any spacing, with a schedule that leaves no signal at all. */
  @ParameterizedTest
  @EnumSource(names = "DDPM", mode = EnumSource.Mode.EXCLUDE)
  void of_everySpacingAndFewSteps_staysFinite(Sampler sampler) {
    ScheduleConfig noSignal = new ScheduleConfig.ZeroTerminalSnr(LINEAR);
    for (Spacing spacing : Spacing.values()) {
      for (int steps : new int[] {1, 2, 3, 7}) {
        if (sampler == Sampler.PNDM && steps < 4) {
          continue; // three of its steps begin with Runge and Kutta
        }
        for (ScheduleConfig schedule : new ScheduleConfig[] {LINEAR, noSignal}) {
          try (Scope scope = Scope.open()) {
            Tensor points = draw(new SamplingConfig(sampler, steps, 0, spacing), schedule, 3);

            assertThat(points.abs().sum().item())
                .as("%s, %s, %d steps", sampler, spacing, steps)
                .isFinite();
          }
        }
      }
    }
  }

  @Test
  void of_moreStepsThanTimes_isRefused() {
    SamplingConfig sampling = new SamplingConfig(Sampler.EULER, 1001, 0, Spacing.LINSPACE);

    assertThatThrownBy(() -> Samplers.of(sampling, process(LINEAR)))
        .isInstanceOf(UserException.class)
        .hasMessage("sampling.steps is 1001; allowed: 1…1000, the steps of the model's schedule");
  }

  @Test
  void configuration_ddpmSpacedBySigma_isRefused() {
    assertThatThrownBy(() -> new SamplingConfig(Sampler.DDPM, 10, 0, Spacing.KARRAS))
        .isInstanceOf(UserException.class)
        .hasMessage("sampling.spacing is karras; allowed: leading, trailing or linspace for ddpm");
  }

  private static Tensor draw(SamplingConfig sampling, ScheduleConfig schedule, int count) {
    return Samplers.of(sampling, process(schedule))
        .sample(
            new MixtureDenoiser(DATA),
            new PointNoise(Seed.of(1), 0),
            SamplingListener.NONE,
            count,
            2);
  }

  private static ProcessConfig process(ScheduleConfig schedule) {
    return new ProcessConfig(
        schedule,
        ProcessConfig.PredictionTarget.V,
        ProcessConfig.VarianceChoice.BETA_TILDE,
        ProcessConfig.X0Range.UNBOUNDED);
  }
}
