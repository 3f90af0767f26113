package io.github.diffusion4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.SamplingConfig.Sampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordTest {

  @Test
  void of_signsAndHyphens_readAsInPapers() {
    assertThat(Word.of(Sampler.DPM_PLUS_PLUS_2M)).isEqualTo("dpm++2m");
    assertThat(Word.of(Sampler.EULER_ANCESTRAL)).isEqualTo("euler-ancestral");
    assertThat(Word.of(ProcessConfig.VarianceChoice.BETA_TILDE)).isEqualTo("beta-tilde");
  }

  @ParameterizedTest
  @EnumSource
  void parse_everyWord_isTheConstant(Sampler sampler) {
    assertThat(Word.parse(Sampler.class, "sampler", Word.of(sampler))).isEqualTo(sampler);
    assertThat(Word.find(Sampler.class, Word.of(sampler).toUpperCase(java.util.Locale.ROOT)))
        .contains(sampler);
  }

  @Test
  void parse_typo_namesTheNearestAndAll() {
    assertThatThrownBy(() -> Word.parse(Sampler.class, "--sampler", "dpm+2m"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("--sampler is dpm+2m; did you mean dpm++2m? allowed: ddpm, ddim,");
  }
}
