package io.github.diffusion4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.LossConfig.TimestepSampling;
import io.github.diffusion4j.config.LossConfig.Weighting;
import io.github.diffusion4j.training.TestExperiments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which losses, variances and networks go together. */
class LossConfigTest {
  private static final LossConfig HYBRID =
      new LossConfig.Hybrid(new Weighting.Uniform(), new TimestepSampling.Uniform(), 0.001);

  @Test
  void experiment_learnedVariance_hasTwiceTheOutputChannels() {
    ExperimentConfig config = TestExperiments.learned(3, HYBRID);

    assertThat(config.unet().outputs()).isEqualTo(2);
    assertThat(TestExperiments.steps(3).unet().outputs()).isEqualTo(1);
    assertThat(ConfigFiles.fromJson(ConfigFiles.toJson(config), "")).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          process: {variance: learned-range}            | training.loss.kind is simple; allowed: hybrid, vlb, as process.variance is learned-range
          training: {loss: {kind: hybrid, lambda: 0.001, timesteps: uniform}} | training.loss.kind is hybrid; allowed: simple, vlb, as process.variance is beta-tilde
          training: {loss: {kind: hybrid, lambda: 0}}   | training.loss.timesteps.kind is importance; allowed: uniform
          training: {loss: {kind: vlb, scale: term}}    | training.loss.timesteps.kind is importance; allowed: uniform
          training: {loss: {kind: vlb, scale: huge, timesteps: uniform}} | training.loss.scale is "huge"; allowed: term, bound
          training: {loss: {kind: hybird}}              | training.loss.kind is "hybird"; allowed: simple, hybrid, vlb
          model: {outputChannels: 2}                    | model.outputChannels is 2; allowed: 1, as process.variance is
          model: {outputChannels: 3}                    | model.outputChannels is 3; allowed: 1, as process.variance is
          training: {loss: {timesteps: {kind: loss-second-moment, history: 0, uniform: 0.1}}} | training.loss.timesteps.history is 0
          training: {loss: {weighting: {kind: p2, k: 0, gamma: 1}}} | training.loss.weighting.k is 0.0
          """)
  void read_whatDoesNotGoTogether_isRefused(String options, String message) {
    assertThatThrownBy(
            () -> ConfigFiles.fromYaml("extends: digits-quickstart\n" + options + "\n", "x"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          process: {variance: learned-range, x0Range: unbounded} | process.variance is learned-range; allowed: beta, beta-tilde, for points
          training: {loss: {kind: vlb, scale: term, timesteps: uniform}} | training.loss.kind is vlb; allowed: simple, for points
          """)
  void read_boundOfPoints_isRefused(String options, String message) {
    assertThatThrownBy(() -> ConfigFiles.fromYaml("extends: toy2d\n" + options + "\n", "x"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @Test
  void read_hybridRecipe_isTheRecordsOfThoseNames() {
    ExperimentConfig config =
        ConfigFiles.fromYaml(
            """
            extends: cifar10-ho
            process: {variance: learned_range}
            training:
              loss:
                kind: hybrid
                lambda: 0.001
                timesteps: {kind: loss-second-moment, history: 10, uniform: 0.001}
            """,
            "x");

    assertThat(config.training().loss())
        .isEqualTo(
            new LossConfig.Hybrid(
                new Weighting.Uniform(), new TimestepSampling.LossSecondMoment(10, 0.001), 0.001));
    assertThat(config.unet().outputs()).isEqualTo(6);
  }
}
