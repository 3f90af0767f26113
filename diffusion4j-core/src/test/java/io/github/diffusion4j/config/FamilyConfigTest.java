package io.github.diffusion4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FamilyConfigTest {
  @ParameterizedTest
  @MethodSource("io.github.diffusion4j.config.Presets#baselines")
  void baseline_everyName_survivesJsonAndYaml(String name) {
    BaselineConfig preset = Presets.baseline(name);

    assertThat(preset.name()).isEqualTo(name).isEqualTo("mnist-" + preset.family().word());
    assertThat(preset.description()).hasSizeGreaterThan(60).doesNotContain("\n");
    assertThat(ConfigFiles.runFromJson(ConfigFiles.toJson(preset), "json")).isEqualTo(preset);
    assertThat(ConfigFiles.runFromYaml(ConfigFiles.toYaml(preset), "yaml")).isEqualTo(preset);
    assertThat(ModelOptions.readFamily(json(preset.family()))).isEqualTo(preset.family());
  }

  private static String json(FamilyConfig family) {
    return tools.jackson.databind.json.JsonMapper.shared()
        .writeValueAsString(ModelOptions.of(family));
  }

  @ParameterizedTest
  @CsvSource({
    "family.size=30, family.size is 30; allowed: a multiple of 4",
    "family.channels=2, 'family.channels is 2; allowed: 1, 3'",
    "'family.widths=8,12', family.widths",
    "'family.widths=8,8,8,8', at most 3 of them",
    "family.latent=0, family.latent is 0",
    "family.warmupSteps=-1, family.warmupSteps is -1",
    "family.latnt=3, did you mean family.latent?",
    "family.kind=gon, family.kind",
    "process.steps=3, process.steps is unknown",
  })
  void apply_impossibleValue_isRefusedByItsName(String override, String message) {
    assertThatThrownBy(() -> Overrides.apply(Presets.baseline("mnist-vae"), List.of(override)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @Test
  void apply_options_changesThem() {
    BaselineConfig changed =
        Overrides.apply(
            Presets.baseline("mnist-gan"), List.of("family.penalty=5", "training.batch=32"));

    assertThat(((GanConfig) changed.family()).penalty()).isEqualTo(5);
    assertThat(changed.training().batch()).isEqualTo(32);
  }

  @Test
  void fromJson_recipeOfAFamilyWhereDiffusionIsNeeded_isRefused() {
    String json = ConfigFiles.toJson(Presets.baseline("mnist-vae"));

    assertThatThrownBy(() -> ConfigFiles.fromJson(json, "r.json"))
        .isInstanceOf(UserException.class)
        .hasMessage("r.json is the recipe of another family; allowed here: of a diffusion model");
  }
}
