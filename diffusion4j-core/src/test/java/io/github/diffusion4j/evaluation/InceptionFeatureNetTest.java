package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.evaluation.FeatureNet.Answers;
import io.github.diffusion4j.nn.InceptionV3;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class InceptionFeatureNetTest {
  private static InceptionV3 network;

  @BeforeAll
  static void fill() {
    network = GoldenFeatures.filled(new InceptionV3(Seed.of(1)));
  }

  @AfterAll
  static void free() {
    network.close();
  }

  @ParameterizedTest
  @EnumSource
  void of_pictures_answersAsPytorchFidsNetwork(InceptionProtocol protocol) throws IOException {
    JsonNode golden = GoldenFeatures.read("inception.json").get(protocol.word());
    FeatureNet net = new InceptionFeatureNet(network, protocol);
    try (Scope scope = Scope.open()) {
      Answers answers = net.of(GoldenFeatures.pictures(2, 3, 48, 36));

      assertThat(answers.features().shape()).containsExactly(2, net.dimension());
      assertThat(answers.logits().shape()).containsExactly(2, net.classes());
      GoldenFeatures.assertRows(answers.features(), golden.get("features"));
      GoldenFeatures.assertRows(answers.logits(), golden.get("logits"));
      GoldenFeatures.assertRows(answers.spatial().orElseThrow(), golden.get("spatial"));
    }
  }

  @Test
  void of_gray_isThreeEqualChannels() {
    FeatureNet net = new InceptionFeatureNet(network, InceptionProtocol.TF);
    try (Scope scope = Scope.open()) {
      Tensor gray = GoldenFeatures.pictures(1, 1, 28, 28);
      Tensor rgb = gray.expand(1, 3, 28, 28).copy();

      assertThat(net.of(gray).features().toFloats()).isEqualTo(net.of(rgb).features().toFloats());
      assertThatThrownBy(() -> net.of(Tensor.zeros(1, 2, 28, 28)))
          .hasMessageContaining("allowed: [N, 1, H, W] or [N, 3, H, W]");
    }
  }

  @Test
  void names_haveTheProtocol() {
    FeatureNet tf = new InceptionFeatureNet(network, InceptionProtocol.TF);
    FeatureNet clean = new InceptionFeatureNet(network, InceptionProtocol.CLEAN);

    assertThat(tf.name()).isEqualTo("inception-tf");
    assertThat(tf.distanceName()).isEqualTo("FID (tf)");
    assertThat(clean.fingerprint()).isNotEqualTo(tf.fingerprint());
  }
}
