package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.data.KnownPoints;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.torch.Seed;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepBackTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.of(1000, 1e-4, 0.02);
  private static final GaussianMixture DATA =
      PointLaw.of(KnownPoints.TWO_GAUSSIANS, 0, 0, Seed.of(0));

  @Test
  void distanceFromGaussian_growsWithTheStep() {
    double before = 0;
    for (int s : new int[] {99, 90, 60, 30, 5}) {
      double distance = StepBack.of(DATA, SCHEDULE, 100, s, 0.5, 0).distanceFromGaussian();
      assertThat(distance).isGreaterThan(before);
      before = distance;
    }
  }

  @Test
  void knowing_isThePosteriorOfTheProcess() {
    int t = 300;
    StepBack step = StepBack.of(DATA, SCHEDULE, t, t - 1, 0.4, -0.2);

    double bar = 1 - SCHEDULE.alphaBar(t);
    double mean =
        (SCHEDULE.sqrtAlphaBar(t - 1) * SCHEDULE.beta(t) * 0.4
                + Math.sqrt(SCHEDULE.alpha(t)) * (1 - SCHEDULE.alphaBar(t - 1)) * -0.2)
            / bar;
    assertThat(step.knowing().mean().get(0)).isCloseTo(mean, within(1e-12));
    assertThat(step.knowing().variance()).isCloseTo(SCHEDULE.betaTilde(t), within(1e-15));
  }

  @Test
  void dataOfOneImage_needNotBeKnown() {
    GaussianMixture one = GaussianMixture.of(Component.of(1, 1e-12, 0.3));

    StepBack step = StepBack.of(one, SCHEDULE, 500, 100, 0.3, 0.7);

    double[] known = step.ofKnowing();
    double[] unknown = step.ofIgnorant();
    assertThat(unknown).hasSameSizeAs(known);
    assertThat(
            IntStream.range(0, known.length)
                .mapToDouble(i -> Math.abs(unknown[i] - known[i]))
                .max())
        .hasValueCloseTo(0.0, within(1e-6));
    assertThat(step.distanceFromGaussian()).isLessThan(1e-6);
  }
}
