package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimestepSamplerTest {
  private static final int STEPS = 10;
  private static final int COUNT = 20_000;

  @Test
  void uniformAndStratified_manyDraws_hitEveryTimeEquallyOften() {
    for (TimestepSampler sampler :
        List.of(TimestepSampler.uniform(STEPS), TimestepSampler.stratified(STEPS))) {
      int[] hits = hits(sampler.draw(COUNT, Seed.of(1)));

      assertThat(hits[0]).isZero();
      for (int t = 1; t <= STEPS; t++) {
        assertThat((double) hits[t] / COUNT).isCloseTo(0.1, within(0.01));
      }
    }
  }

  @Test
  void stratified_asManyImagesAsTimes_hitsEachOnce() {
    int[] t = TimestepSampler.stratified(STEPS).draw(STEPS, Seed.of(1));

    assertThat(t).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void importance_weights_areTheFrequencies() {
    int[] hits =
        hits(TimestepSampler.importance(STEPS, t -> t == 3 ? 0 : t).draw(COUNT, Seed.of(1)));

    for (int t = 1; t <= STEPS; t++) {
      double expected = t == 3 ? 0 : t / 52.0;
      assertThat((double) hits[t] / COUNT).isCloseTo(expected, within(0.001));
    }
  }

  /** ln σ of the drawn times has the moments of the normal distribution. */
  @Test
  void logNormal_manyDraws_haveMeanAndDeviationOfLogSigma() {
    NoiseSchedule schedule = LinearSchedule.ddpm();
    int[] t = TimestepSampler.logNormal(schedule, -0.5, 0.8).draw(COUNT, Seed.of(1));

    double[] logSigma = Arrays.stream(t).mapToDouble(time -> -schedule.logSnr(time) / 2).toArray();
    double mean = Arrays.stream(logSigma).average().orElseThrow();
    double square = Arrays.stream(logSigma).map(x -> (x - mean) * (x - mean)).sum() / COUNT;
    assertThat(mean).isCloseTo(-0.5, within(3 * 0.8 / Math.sqrt(COUNT)));
    assertThat(Math.sqrt(square)).isCloseTo(0.8, within(3 * 0.8 / Math.sqrt(2.0 * COUNT)));
  }

  @Test
  void logNormal_outsideTheSchedule_isItsFirstOrLastTime() {
    NoiseSchedule schedule = LinearSchedule.ddpm();

    assertThat(TimestepSampler.logNormal(schedule, -20, 0.1).draw(3, Seed.of(1))).containsOnly(1);
    assertThat(TimestepSampler.logNormal(schedule, 20, 0.1).draw(3, Seed.of(1))).containsOnly(1000);
  }

  @Test
  void draw_sameSeed_givesTheSameTimes() {
    TimestepSampler sampler = TimestepSampler.uniform(1000);

    assertThat(sampler.draw(8, Seed.of(1))).isEqualTo(sampler.draw(8, Seed.of(1)));
    assertThat(sampler.draw(8, Seed.of(1))).isNotEqualTo(sampler.draw(8, Seed.of(2)));
  }

  private static int[] hits(int[] times) {
    int[] hits = new int[STEPS + 1];
    for (int t : times) {
      hits[t]++;
    }
    return hits;
  }
}
