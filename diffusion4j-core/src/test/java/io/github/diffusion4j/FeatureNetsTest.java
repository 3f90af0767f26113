package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.evaluation.FeatureNet;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FeatureNetsTest {
  @Test
  void open_digits_isTheEmbeddedClassifier() throws IOException {
    try (FeatureNet net = FeatureNets.open("digits")) {
      assertThat(net.name()).isEqualTo("digits");
    }
  }

  @Test
  void open_unknownNet_namesTheAllowedOnes() {
    assertThatThrownBy(() -> FeatureNets.open("inception"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there is no feature network inception; allowed: digits");
  }
}
