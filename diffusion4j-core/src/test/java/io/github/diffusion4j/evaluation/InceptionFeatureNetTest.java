package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.evaluation.FeatureNet.Answers;
import io.github.diffusion4j.nn.InceptionV3;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    FeatureNet net = new InceptionFeatureNet(network, protocol, InceptionWeights.UNVERIFIED);
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
    FeatureNet net = tf(InceptionWeights.UNVERIFIED);
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
    FeatureNet tf = tf(InceptionWeights.PUBLISHED);
    FeatureNet clean =
        new InceptionFeatureNet(network, InceptionProtocol.CLEAN, InceptionWeights.PUBLISHED);

    assertThat(tf.name()).isEqualTo("inception-tf");
    assertThat(tf.distanceName()).isEqualTo("FID (tf)");
    assertThat(tf.warning()).isEmpty();
    assertThat(clean.fingerprint()).isNotEqualTo(tf.fingerprint());
  }

  /** Right names and shapes alone, as here, do not make a FID. */
  @Test
  void distanceName_weightsThatNobodyChecked_isNotFid() {
    FeatureNet net = tf(InceptionWeights.UNVERIFIED);

    assertThat(net.name()).isEqualTo("inception-tf");
    assertThat(net.distanceName()).isEqualTo("FD-inception-tf");
    assertThat(net.warning().orElseThrow())
        .startsWith("the weights of inception-tf are not the published file, whose SHA-256 is 672")
        .endsWith("distances are called FD, not FID");
  }

  @Test
  void weights_ofAFile_arePublishedByTheirHashAlone(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(folder.resolve("pt_inception-2015-12-05-6726825d.pth"), "another");

    assertThat(InceptionWeights.of(file)).isEqualTo(InceptionWeights.UNVERIFIED);
    assertThat(InceptionWeights.ofHash(InceptionWeights.STATE_DICTIONARY_HASH))
        .isEqualTo(InceptionWeights.PUBLISHED);
    assertThat(InceptionWeights.STATE_DICTIONARY_HASH).hasSize(64).startsWith("6726825d");
  }

  private static FeatureNet tf(InceptionWeights weights) {
    return new InceptionFeatureNet(network, InceptionProtocol.TF, weights);
  }
}
