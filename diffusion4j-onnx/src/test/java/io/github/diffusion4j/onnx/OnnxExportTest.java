package io.github.diffusion4j.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes of our files what libtorch computes of our networks. */
class OnnxExportTest {
  /** Core's golden networks; diffusers' weights and outputs. */
  private static final Path GOLDEN =
      Path.of("../diffusion4j-core/src/test/resources/golden/unet").toAbsolutePath().normalize();

  @TempDir private Path folder;

  static Stream<Path> golden() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      List<Path> folders =
          files
              .filter(file -> file.endsWith("io.safetensors"))
              .map(Path::getParent)
              .sorted()
              .toList();
      assertThat(folders).hasSizeGreaterThanOrEqualTo(11);
      return folders.stream();
    }
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("tiny", Networks.tiny()),
        Arguments.of("classcond28", Networks.classConditional28()),
        Arguments.of("digits", Networks.digits()),
        Arguments.of("Ho, learned variance", Networks.hoWithLearnedVariance()),
        Arguments.of("odd width", Networks.oddWidth()),
        Arguments.of("fixed heads, scaled time, GELU", Networks.fixedHeads()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("golden")
  void write_networkOfDiffusers_givesOutputOfDiffusers(Path golden) throws IOException {
    Path file = folder.resolve("unet.onnx");
    try (Scope scope = Scope.open();
        UNet network = (UNet) DiffusersPipeline.read(golden).load()) {
      Map<String, Tensor> io = Safetensors.read(golden.resolve("io.safetensors"));
      OnnxExport.write(network, Map.of(), file);

      try (OnnxEngine engine = OnnxEngine.open(file)) {
        Tensor output =
            engine.forward(
                requireNonNull(io.get("x")),
                requireNonNull(io.get("timesteps")),
                Optional.ofNullable(io.get("class_labels")));

        assertThat(distance(output, requireNonNull(io.get("eps")))).isLessThan(1e-5);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void write_anyNetwork_givesItsOutputForAnyBatchAndSize(String name, UNetConfig config)
      throws IOException {
    Path file = folder.resolve("deeper/unet.onnx");
    try (UNet network = new UNet(config, Seed.of(2))) {
      OnnxExport.write(network, Map.of(), file);
      try (OnnxEngine engine = OnnxEngine.open(file)) {
        int size = config.size();
        requireSameOutput(network, engine, 1, size, size);
        requireSameOutput(network, engine, 37, size, size);
        requireSameOutput(network, engine, 3, 2 * size, 3 * size);
      }
    }
  }

  @Test
  void write_moreWeightsThanOneFileHolds_putsThemBesideIt() throws IOException {
    Path file = folder.resolve("unet.onnx");
    Path data = folder.resolve("unet.onnx.data");
    try (UNet network = new UNet(Networks.classConditional28(), Seed.of(5))) {
      List<Path> written = OnnxExport.write(network, Map.of(), file, 100_000);

      assertThat(written).containsExactly(file, data);
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).containsExactlyInAnyOrder(file, data);
      }
      assertThat(Files.size(data)).isGreaterThan(4 * network.parameterCount() / 2);
      assertThat(Files.size(file)).isLessThan(100_000);
      try (OnnxEngine engine = OnnxEngine.open(file)) {
        requireSameOutput(network, engine, 3, 28, 28);
      }
    }
  }

  @Test
  void write_metadata_isInTheFile() throws IOException {
    Path file = folder.resolve("unet.onnx");
    try (UNet network = new UNet(Networks.tiny(), Seed.of(6))) {
      OnnxExport.write(network, Map.of("process.prediction", "\"epsilon\"", "a", "b"), file);
    }

    assertThat(model(file).getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey, StringStringEntryProto::getValue)
        .containsExactly(tuple("a", "b"), tuple("process.prediction", "\"epsilon\""));
  }

  @Test
  void write_overAFile_replacesItAndLeavesNothingBeside() throws IOException {
    Path file = Files.writeString(folder.resolve("unet.onnx"), "before");
    try (UNet network = new UNet(Networks.tiny(), Seed.of(3))) {
      OnnxExport.write(network, Map.of(), file);
    }

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(model(file).getProducerName()).isEqualTo("diffusion4j");
  }

  @Test
  void graph_ofNetwork_hasStandardOperatorsAndNoShapeArithmetic() throws IOException {
    Path file = folder.resolve("unet.onnx");
    try (UNet network = new UNet(Networks.classConditional28(), Seed.of(4))) {
      OnnxExport.write(network, Map.of(), file);
      ModelProto model = model(file);

      List<NodeProto> nodes = model.getGraph().getNodeList();
      assertThat(nodes).allSatisfy(node -> assertThat(node.getDomain()).isEmpty());
      assertThat(nodes.stream().map(NodeProto::getName).toList()).doesNotHaveDuplicates();
      assertThat(nodes.stream().map(NodeProto::getOpType))
          .doesNotContain("Slice", "Cast", "Div", "ConstantOfShape", "Expand", "Loop", "If");
      long attentions = 4; // the lowest level has one on the way down, two up, and the middle one
      assertThat(nodes.stream().filter(node -> node.getOpType().equals("Shape")))
          .hasSize((int) attentions);
      assertThat(model.getOpsetImportList()).hasSize(1);
      assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(OnnxExport.OPERATOR_SET);
    }
  }

  private static ModelProto model(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ModelProto.parseFrom(in);
    }
  }

  private static void requireSameOutput(
      UNet network, OnnxEngine engine, int count, int height, int width) {
    try (Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = Seed.of(count).normal(count, network.config().channels(), height, width);
      Tensor time =
          Tensor.of(LongStream.range(0, count).map(i -> (7 + 331 * i) % 1000).toArray(), count);
      Optional<Tensor> labels =
          network
              .config()
              .classes()
              .map(n -> Tensor.of(LongStream.range(0, count).map(i -> i % n).toArray(), count));

      Tensor output = engine.forward(x, time, labels);

      Tensor expected = network.forward(x, time, labels, Dropout.NONE);
      assertThat(output.shape()).isEqualTo(expected.shape());
      assertThat(distance(output, expected)).as("batch of %d", count).isLessThan(1e-5);
    }
  }

  /** Returns the largest difference, relative to the largest expected magnitude. */
  private static double distance(Tensor actual, Tensor expected) {
    double[] a = actual.toDoubles();
    double[] b = expected.toDoubles();
    assertThat(a).hasSameSizeAs(b);
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i]).isFinite();
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
      magnitude = Math.max(magnitude, Math.abs(b[i]));
    }
    return difference / Math.max(magnitude, 1e-2);
  }
}
