package io.github.diffusion4j;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.sampling.MixtureDenoiser;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.PointNoise;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why our folders say {@code timestep_spacing: trailing}, where diffusers' default is leading. */
class FewStepsTest {
  private static final double MEAN = 0.6;
  private static final ProcessConfig PROCESS =
      new ProcessConfig(
          new ScheduleConfig.Linear(1000, 1e-4, 0.02),
          PredictionTarget.EPSILON,
          VarianceChoice.BETA_TILDE,
          X0Range.UNBOUNDED);

  /** Both visit every step then. */
  @ParameterizedTest
  @EnumSource(names = {"DDPM", "DDIM"})
  void sample_allSteps_isTheSameForBothSpacings(Plain solver) {
    try (Scope scope = Scope.open()) {
      NoiseSource noise = new PointNoise(Seed.of(3), 0);

      assertNumbers(draw(solver, Spacing.TRAILING, 1000, noise).toDoubles())
          .areEqualTo(draw(solver, Spacing.LEADING, 1000, noise).toDoubles());
    }
  }

  /**
   * Where sampling begins lower than T, what it is given as noise should still hold a trace of the
   * images; that trace is missing in the end. From the mean of the noise, 0, both solvers must come
   * to the mean of the data: with a Gaussian they carry means to means.
   */
  @ParameterizedTest
  @ValueSource(ints = {5, 10, 20, 50})
  void sample_fewStepsFromT_missTheMeanByLess(int steps) {
    for (Plain solver : new Plain[] {Plain.DDPM, Plain.DDIM}) {
      double leading = error(solver, Spacing.LEADING, steps);
      double trailing = error(solver, Spacing.TRAILING, steps);

      assertThat(trailing).as("%s", solver).isLessThan(leading);
    }
  }

  @Test
  void usual_ofAProcess_isTheSchedulerTestedHere() {
    assertThat(PublishedScheduler.usual(PROCESS))
        .isEqualTo(scheduler(Plain.DDPM, Spacing.TRAILING));
  }

  private static double error(Plain solver, Spacing spacing, int steps) {
    try (Scope scope = Scope.open()) {
      NoiseSource mean =
          new NoiseSource() {
            @Override
            public Tensor xT(long... shape) {
              return Tensor.full(0, shape);
            }

            @Override
            public Tensor z(int draw, long... shape) {
              return Tensor.full(0, shape);
            }
          };
      return Math.abs(draw(solver, spacing, steps, mean).mean().item() - MEAN);
    }
  }

  private static Tensor draw(Plain solver, Spacing spacing, int steps, NoiseSource noise) {
    GaussianMixture data = GaussianMixture.of(Component.of(1, 0.25, MEAN, MEAN));
    return new PublishedSamplers(scheduler(solver, spacing), PROCESS, steps)
        .sampler(0)
        .sample(new MixtureDenoiser(data), noise, SamplingListener.NONE, 3, 2);
  }

  private static PublishedScheduler scheduler(Plain solver, Spacing spacing) {
    return new PublishedScheduler(
        solver, spacing, 0, Sigmas.OF_TIMES, End.CLEAN, new PublishedScheduler.Bound.None());
  }
}
