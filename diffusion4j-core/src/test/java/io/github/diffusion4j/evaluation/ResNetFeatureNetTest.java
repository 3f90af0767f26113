package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.evaluation.FeatureNet.Answers;
import io.github.diffusion4j.nn.ResNet20;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Tag("numerics")
class ResNetFeatureNetTest {
  @Test
  void of_pictures_answersAsInPyTorch() throws IOException {
    JsonNode golden = GoldenFeatures.read("resnet20.json");
    try (FeatureNet net = new ResNetFeatureNet(GoldenFeatures.filled(new ResNet20(Seed.of(1))));
        Scope scope = Scope.open()) {
      Answers answers = net.of(GoldenFeatures.pictures(3, 3, 32, 32));

      assertThat(answers.features().shape()).containsExactly(3, net.dimension());
      assertThat(answers.spatial()).isEmpty();
      GoldenFeatures.assertRows(answers.features(), golden.get("features"));
      double scale = Math.sqrt(answers.logits().square().mean(0, 1).item());
      for (int n = 0; n < 3; n++) {
        double[] logits = answers.logits().select(0, n).toDoubles();
        assertThat(logits).hasSize(net.classes());
        for (int k = 0; k < logits.length; k++) {
          assertThat(logits[k])
              .isCloseTo(golden.get("logits").get(n).get(k).doubleValue(), within(1e-4 * scale));
        }
      }
    }
  }

  @Test
  void of_gray_isThreeEqualChannels() {
    try (FeatureNet net = new ResNetFeatureNet(new ResNet20(Seed.of(1)));
        Scope scope = Scope.open()) {
      Tensor gray = GoldenFeatures.pictures(2, 1, 32, 32);
      Tensor rgb = gray.expand(2, 3, 32, 32).copy();

      assertThat(net.of(gray).features().toFloats()).isEqualTo(net.of(rgb).features().toFloats());
    }
  }

  @Test
  void of_otherSizes_areRefused() {
    try (FeatureNet net = new ResNetFeatureNet(new ResNet20(Seed.of(1)));
        Scope scope = Scope.open()) {
      assertThatThrownBy(() -> net.of(Tensor.zeros(2, 3, 28, 28)))
          .hasMessageContaining("allowed for ResNet-20: [N, 3, 32, 32]");
      assertThatThrownBy(() -> net.of(Tensor.zeros(2, 4, 32, 32)))
          .hasMessageContaining("allowed: [N, 1, H, W] or [N, 3, H, W]");
    }
  }

  @Test
  void distance_isNotCalledFid() {
    try (FeatureNet net = new ResNetFeatureNet(new ResNet20(Seed.of(1)));
        FeatureNet other = new ResNetFeatureNet(new ResNet20(Seed.of(2)))) {
      assertThat(net.distanceName()).isEqualTo("FD-resnet20");
      assertThat(net.fingerprint()).isNotEqualTo(other.fingerprint());
    }
  }
}
