package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.ResNetFeatureNet;
import io.github.diffusion4j.nn.ResNet20;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureNetsTest {
  @TempDir Path folder;

  @Test
  void open_digits_isTheEmbeddedClassifier() throws IOException {
    try (FeatureNet net = FeatureNets.open("digits")) {
      assertThat(net.name()).isEqualTo("digits");
    }
  }

  @Test
  void open_resnet20_hasTheWeightsOfItsFile() throws IOException {
    try (ResNet20 network = new ResNet20(Seed.of(7))) {
      Map<String, Tensor> weights = new HashMap<>(network.parameters());
      weights.put("bn1.num_batches_tracked", Tensor.arange(1).outlivingScopes());
      Path file = folder.resolve("weights.safetensors");
      Safetensors.write(file, weights, Map.of());

      try (FeatureNet net = FeatureNets.open("resnet20:" + file);
          FeatureNet same = new ResNetFeatureNet(network)) {
        assertThat(net.fingerprint()).isEqualTo(same.fingerprint());
      }
    }
  }

  @Test
  void open_torchscript_isCalledAfterItsFile() throws IOException {
    try (FeatureNet net = FeatureNets.open("torchscript:" + resource("features/single.pt"))) {
      assertThat(net.distanceName()).isEqualTo("FD-single.pt");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"inception-tf:", "inception-clean:", "clean:"})
  void open_unknownArchive_isNotRun(String kind) {
    assertThatThrownBy(() -> FeatureNets.open(kind + resource("features/published.pt")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("allowed: that of inception-2015-12-05.pt, f58cb9b6");
  }

  @Test
  void open_otherWeights_namesFileAndParameters() {
    Path linear = resource("torch/linear.bin");

    assertThatThrownBy(() -> FeatureNets.open("resnet20:" + linear))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(linear + " holds the weights of another network: ")
        .hasMessageContaining(" missing parameters: ");
  }

  @Test
  void open_missingFile_isAnError() {
    Path missing = folder.resolve("no.pth");

    assertThatThrownBy(() -> FeatureNets.open("inception-pytorch:" + missing))
        .isInstanceOf(UserException.class)
        .hasMessage("there is no file " + missing + "; allowed: a file of weights");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inception", "inception-pytorch", "inception-tf:", "vgg:a.pt", ""})
  void open_unknownNet_namesTheAllowedOnes(String specification) {
    assertThatThrownBy(() -> FeatureNets.open(specification))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "there is no feature network " + specification + "; allowed: " + FeatureNets.ALLOWED);
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(FeatureNetsTest.class.getResource("/golden/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
