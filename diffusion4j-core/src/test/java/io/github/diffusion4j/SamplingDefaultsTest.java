package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.SamplingConfig.Sampler;
import io.github.diffusion4j.config.SamplingConfig.Spacing;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.sampling.MixtureDenoiser;
import io.github.diffusion4j.sampling.PointNoise;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every sampler with its default spacing draws clean images in 10 and 20 steps, on the schedule of
 * every preset.
 *
 * <p>The data are twelve images of 8x8 black and white pixels, each with a little grain of its own,
 * whose denoiser is exact. So all grain above theirs is the sampler's.
 */
class SamplingDefaultsTest {
  private static final int PIXELS = 64;
  private static final int KINDS = 12;
  private static final int COUNT = 32;
  private static final double GRAIN = 0.05;
  private static final double[][] IMAGES = images();
  private static final MixtureDenoiser DENOISER =
      new MixtureDenoiser(
          GaussianMixture.of(
              Arrays.stream(IMAGES)
                  .map(image -> Component.of(1, GRAIN * GRAIN, image))
                  .toArray(Component[]::new)));

  private static double[][] images() {
    SplittableRandom random = new SplittableRandom(1);
    return IntStream.range(0, KINDS)
        .mapToObj(
            k ->
                IntStream.range(0, PIXELS)
                    .mapToDouble(i -> random.nextBoolean() ? 1 : -1)
                    .toArray())
        .toArray(double[][]::new);
  }

  /**
   * Twice the grain of the data is allowed; noise would be 1, an image lost between two others too.
   */
  @ParameterizedTest
  @EnumSource
  void suitingSpacing_fewStepsOnEveryPreset_isCloseToTheData(Sampler sampler) {
    for (ProcessConfig process : processesOfPresets()) {
      for (int steps : new int[] {10, 20}) {
        assertThat(grain(sampler, Spacing.suiting(sampler), steps, process))
            .as("%s with %d steps on %s", sampler, steps, process.schedule())
            .isLessThan(2 * GRAIN);
      }
    }
  }

  /** What the defaults avoid: in equal steps of t these are noise on a cosine schedule. */
  @ParameterizedTest
  @EnumSource(names = {"HEUN", "PNDM", "PLMS"})
  void linspace_onACosineSchedule_isNoise(Sampler sampler) {
    ProcessConfig cosine = Presets.load("digits-quickstart").process();

    assertThat(grain(sampler, Spacing.LINSPACE, 10, cosine)).isGreaterThan(1);
  }

  /** The schedules of presets are few. */
  private static List<ProcessConfig> processesOfPresets() {
    return Presets.names().stream()
        .map(Presets::load)
        .map(ExperimentConfig::process)
        .map(ProcessConfig::schedule)
        .distinct()
        .map(SamplingDefaultsTest::process)
        .toList();
  }

  private static ProcessConfig process(ScheduleConfig schedule) {
    return new ProcessConfig(
        schedule, PredictionTarget.V, VarianceChoice.BETA_TILDE, X0Range.UNBOUNDED);
  }

  /** Returns the mean distance of samples from the nearest image, per pixel. */
  private static double grain(Sampler sampler, Spacing spacing, int steps, ProcessConfig process) {
    try (Scope scope = Scope.open()) {
      Tensor samples =
          Samplers.of(new SamplingConfig(sampler, steps, 0, spacing), process)
              .sample(
                  DENOISER, new PointNoise(Seed.of(3), 0), SamplingListener.NONE, COUNT, PIXELS);
      return IntStream.range(0, COUNT)
          .mapToDouble(n -> distance(samples.select(0, n).toDoubles()))
          .average()
          .orElseThrow();
    }
  }

  private static double distance(double... sample) {
    return Arrays.stream(IMAGES)
        .mapToDouble(
            image ->
                Math.sqrt(
                    IntStream.range(0, PIXELS)
                        .mapToDouble(i -> (sample[i] - image[i]) * (sample[i] - image[i]))
                        .average()
                        .orElseThrow()))
        .min()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "BETA_TILDE, , DDPM, 50",
    "LEARNED_RANGE, , DDPM, 50",
    "BETA, , DPM_PLUS_PLUS_2M, 25",
    "BETA_TILDE, KARRAS, DPM_PLUS_PLUS_2M, 25",
    "BETA_TILDE, LEADING, DDPM, 50",
    "BETA, EXPONENTIAL, DPM_PLUS_PLUS_2M, 25"
  })
  void sampler_byVarianceAndSpacing_isTheTables(
      VarianceChoice variance, Spacing spacing, Sampler sampler, int steps) {
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.Linear(1000, 1e-4, 0.02),
            PredictionTarget.EPSILON,
            variance,
            X0Range.CLIP_TO_DATA);

    Sampler chosen = SamplingDefaults.sampler(process, Optional.ofNullable(spacing));

    assertThat(chosen).isEqualTo(sampler);
    assertThat(SamplingDefaults.steps(chosen, process)).isEqualTo(steps);
  }

  /** β is the variance of single steps: ancestral sampling with it takes them all. */
  @ParameterizedTest
  @EnumSource
  void steps_ofEverySampler_areFewButForBeta(Sampler sampler) {
    Stream.of(1000, 18)
        .forEach(
            all -> {
              ScheduleConfig schedule = new ScheduleConfig.Linear(all, 1e-4, 0.02);
              ProcessConfig beta =
                  new ProcessConfig(
                      schedule, PredictionTarget.V, VarianceChoice.BETA, X0Range.UNBOUNDED);

              assertThat(SamplingDefaults.steps(sampler, process(schedule)))
                  .isBetween(Math.min(20, all), Math.min(50, all));
              assertThat(SamplingDefaults.steps(sampler, beta))
                  .isEqualTo(
                      sampler == Sampler.DDPM
                          ? all
                          : SamplingDefaults.steps(sampler, process(schedule)));
            });
  }
}
