package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.ScheduleConfig.Edm.Spacing;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.sampling.PointNoise;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For data from N(0, s²) the best network of EDM says 0 whatever it is asked: cₛₖᵢₚ x is the best
 * estimate already. So with such a network every sampler draws from N(0, s²).
 */
class EdmSamplersTest {
  private static final double DEVIATION = 0.4;
  private static final int COUNT = 4000;
  private static final ProcessConfig PROCESS =
      new ProcessConfig(
          new ScheduleConfig.Edm(1000, 0.002, 80, DEVIATION, Spacing.KARRAS, 7),
          PredictionTarget.PRECONDITIONED,
          VarianceChoice.BETA_TILDE,
          X0Range.UNBOUNDED);

  @ParameterizedTest
  @EnumSource
  void sample_networkThatSaysNothing_drawsTheDataItIsScaledFor(SamplingConfig.Sampler sampler) {
    int steps = sampler == SamplingConfig.Sampler.LANGEVIN ? 20 : 100;
    SamplingConfig sampling =
        new SamplingConfig(sampler, steps, 0, SamplingConfig.Spacing.TRAILING);
    Denoiser denoiser =
        new NetworkDenoiser(
            (xt, time) -> xt.times(0), FromConfig.prediction(PROCESS), FromConfig.input(PROCESS));
    try (Scope scope = Scope.open()) {
      Tensor points =
          Samplers.of(sampling, PROCESS)
              .sample(denoiser, new PointNoise(Seed.of(1), 0), SamplingListener.NONE, COUNT, 2);

      assertThat(points.mean().item()).isCloseTo(0, within(4 * DEVIATION / Math.sqrt(2 * COUNT)));
      assertThat(Math.sqrt(points.square().mean().item()) / DEVIATION).isCloseTo(1, within(0.1));
    }
  }
}
