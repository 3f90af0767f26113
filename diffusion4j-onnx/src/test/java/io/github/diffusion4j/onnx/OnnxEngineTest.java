package io.github.diffusion4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEngineTest {
  @TempDir private Path folder;

  @Test
  void of_networkChangedAfterwards_keepsTheWeightsItWasGiven() {
    try (Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open();
        UNet network = new UNet(Networks.tiny(), Seed.of(1));
        OnnxEngine engine = OnnxEngine.of(network)) {
      Tensor x = Seed.of(2).normal(2, 3, 8, 8);
      Tensor time = Tensor.of(new float[] {0.5f, 12}, 2);
      double[] before = network.forward(x, time, Optional.empty(), Dropout.NONE).toDoubles();
      network.initialize(Seed.of(3));

      double[] answer = engine.predict(x, time).toDoubles();

      assertThat(largestDifference(answer, before)).isLessThanOrEqualTo(1e-5);
    }
  }

  @Test
  void forward_labelsMissingOrSuperfluous_isRefused() {
    try (Scope scope = Scope.open();
        UNet plain = new UNet(Networks.tiny(), Seed.of(1));
        UNet conditional = new UNet(Networks.classConditional28(), Seed.of(1));
        OnnxEngine plainEngine = OnnxEngine.of(plain);
        OnnxEngine conditionalEngine = OnnxEngine.of(conditional)) {
      Tensor time = Tensor.of(new float[] {1}, 1);
      Optional<Tensor> labels = Optional.of(Tensor.of(new long[] {1}, 1));

      assertThatThrownBy(() -> plainEngine.forward(Tensor.zeros(1, 3, 8, 8), time, labels))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("takes no labels");
      assertThatThrownBy(() -> conditionalEngine.predict(Tensor.zeros(1, 1, 28, 28), time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("needs labels");
    }
  }

  @Test
  void forward_imageInABatch_isAnsweredAsAlone() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.digits(), Seed.of(1));
        OnnxEngine engine = OnnxEngine.of(network)) {
      Tensor x = Seed.of(2).normal(70, 1, 28, 28);
      Tensor time = Tensor.full(10, 70);

      Tensor all = engine.predict(x, time);

      for (int image : new int[] {0, 34, 69}) {
        Tensor alone = engine.predict(x.narrow(0, image, 1), time.narrow(0, image, 1));
        Tensor together = all.narrow(0, image, 1);
        assertThat(largestDifference(together.toDoubles(), alone.toDoubles()))
            .isLessThanOrEqualTo(1e-6);
      }
    }
  }

  @Test
  void forward_otherChannels_isRefusedWithTheShape() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), Seed.of(1));
        OnnxEngine engine = OnnxEngine.of(network)) {
      Tensor time = Tensor.of(new float[] {1}, 1);

      assertThatThrownBy(() -> engine.predict(Tensor.zeros(1, 4, 8, 8), time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("F32[1, 4, 8, 8]");
    }
  }

  @Test
  void close_profileAskedFor_hasWrittenTheTimeOfEachNode() throws IOException {
    System.setProperty(OnnxEngine.PROFILE_PROPERTY, folder.resolve("nodes").toString());
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), Seed.of(1));
        OnnxEngine engine = OnnxEngine.of(network)) {
      engine.predict(Tensor.zeros(2, 3, 8, 8), Tensor.zeros(2));
    } finally {
      System.clearProperty(OnnxEngine.PROFILE_PROPERTY);
    }

    try (Stream<Path> files = Files.list(folder)) {
      Path profile = files.findFirst().orElseThrow();
      assertThat(Files.readString(profile)).contains("kernel_time", "Conv");
    }
  }

  @Test
  void open_noFileOrNoNetwork_isReportedWithItsName() throws IOException {
    Path garbage = Files.writeString(folder.resolve("garbage.onnx"), "not a network");

    assertThatThrownBy(() -> OnnxEngine.open(folder.resolve("none.onnx")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> OnnxEngine.open(garbage))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("garbage.onnx");
  }

  private static double largestDifference(double[] a, double[] b) {
    assertThat(a).hasSameSizeAs(b);
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
  }
}
