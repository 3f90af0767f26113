package io.github.diffusion4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresetsTest {
  @ParameterizedTest
  @MethodSource("io.github.diffusion4j.config.Presets#names")
  void load_everyName_bearsItsName(String name) {
    ExperimentConfig preset = Presets.load(name);

    assertThat(preset.name()).isEqualTo(name);
    assertThat(preset.description()).hasSizeGreaterThan(60).doesNotContain("\n");
  }

  @ParameterizedTest
  @MethodSource("io.github.diffusion4j.config.Presets#names")
  void load_everyName_survivesJsonAndYaml(String name) {
    ExperimentConfig preset = Presets.load(name);

    assertThat(ConfigFiles.fromJson(ConfigFiles.toJson(preset), "json")).isEqualTo(preset);
    assertThat(ConfigFiles.fromYaml(ConfigFiles.toYaml(preset), "yaml")).isEqualTo(preset);
  }

  @Test
  void load_cifar10Ho_isTheRecipeOfThePaper() {
    ExperimentConfig ho = Presets.load("cifar10-ho");

    assertThat(ho.unet().widths()).containsExactly(128, 256, 256, 256);
    assertThat(ho.unet().layers().headWidth()).isEmpty();
    assertThat(ho.unet().layers().initialization()).isEqualTo(LayerConfig.Initialization.HO);
    assertThat(ho.unet().layers().stabilizer()).isEqualTo(1e-6);
    assertThat(ho.process().schedule()).isEqualTo(new ScheduleConfig.Linear(1000, 1e-4, 0.02));
    assertThat(ho.training().budget())
        .isEqualTo(new BudgetConfig(Optional.of(800_000L), Optional.empty()));
    assertThat(ho.training().ema()).isEqualTo(new EmaConfig(0.9999, new EmaConfig.RampUp.None()));
    assertThat(ho.training().learningRate())
        .isEqualTo(new LearningRateConfig(2e-4, 5000, LearningRateConfig.Decay.CONSTANT));
    assertThat(ho.data().flip()).isEqualTo(DataConfig.Flip.HORIZONTAL);
  }

  @Test
  void load_presetThatExtends_dropsOptionsOfTheOtherVariant() {
    ExperimentConfig small = Presets.load("cifar10-small");

    assertThat(small.process().schedule()).isEqualTo(new ScheduleConfig.Cosine(1000));
    assertThat(small.training().budget().maxSteps()).isEmpty();
  }

  @Test
  void load_unknownName_namesTheNearest() {
    assertThatThrownBy(() -> Presets.load("digit-quickstart"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "there is no preset digit-quickstart; did you mean digits-quickstart? allowed:"
                + " digits-quickstart, mnist, fashion-mnist, cifar10-ho, cifar10-small, emoji64, toy2d");
  }
}
