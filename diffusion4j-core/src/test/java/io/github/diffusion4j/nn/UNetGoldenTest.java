package io.github.diffusion4j.nn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares output, loss and every gradient with those of diffusers' UNet2DModel. */
@Tag("numerics")
class UNetGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/unet");

  private static final String FIXED = "time_proj.weight"; // of Fourier features
  private static final List<String> OPTION_CASES =
      List.of(
          "scale_shift",
          "fourier",
          "learned",
          "timestep",
          "attention_groups",
          "skip",
          "attention_skip",
          "skip_mixed",
          "k");
  private static final Path OPTIONS = FOLDER.resolve("options");

  static Stream<Arguments> networks() throws IOException {
    List<Arguments> networks = new ArrayList<>();
    networks.add(Arguments.of("tiny", Networks.tiny()));
    networks.add(Arguments.of("classcond28", Networks.classConditional28()));
    for (String name : OPTION_CASES) {
      UNetConfig config = (UNetConfig) DiffusersPipeline.read(OPTIONS.resolve(name)).network();
      networks.add(Arguments.of("options/" + name, config));
    }
    return networks.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void parameters_ofKnownNetwork_haveNamesOrderAndShapesOfDiffusers(
      String name, UNetConfig config) {
    Map<String, List<Long>> expected = new LinkedHashMap<>();
    expected(name)
        .get("shapes")
        .properties()
        .forEach(e -> expected.put(e.getKey(), longs(e.getValue())));

    try (UNet network = new UNet(config, Seed.of(1))) {
      Map<String, List<Long>> actual = new LinkedHashMap<>();
      network.parameters().forEach((key, value) -> actual.put(key, boxed(value.shape())));

      assertThat(actual).containsExactlyEntriesOf(expected);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void forward_withPublishedWeights_givesPublishedOutput(String name, UNetConfig config)
      throws IOException {
    try (Scope scope = Scope.open();
        UNet network = loaded(name, config)) {
      Map<String, Tensor> io = Safetensors.read(FOLDER.resolve(name).resolve("io.safetensors"));

      Tensor output = forward(network, io);

      assertThat(distance(output, requireNonNull(io.get("eps")))).isLessThan(1e-5);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void backward_withPublishedWeights_givesPublishedGradients(String name, UNetConfig config)
      throws IOException {
    JsonNode expected = expected(name);
    Set<String> zeros =
        expected.get("gradientIsZero").values().stream()
            .map(JsonNode::stringValue)
            .collect(Collectors.toSet());
    try (Scope scope = Scope.open();
        UNet network = loaded(name, config)) {
      Map<String, Tensor> io = Safetensors.read(FOLDER.resolve(name).resolve("io.safetensors"));

      Tensor loss = forward(network, io).minus(requireNonNull(io.get("noise"))).square().mean();
      loss.backward();

      double wanted = expected.get("loss").doubleValue();
      assertThat(loss.item()).isCloseTo(wanted, within(1e-6 * wanted));
      network
          .parameters()
          .forEach(
              (key, parameter) -> {
                if (!io.containsKey("grad/" + key)) {
                  assertThat(key).as("the only one that is not trained").isEqualTo(FIXED);
                  return;
                }
                Tensor gradient = parameter.gradient();
                assertThat(distance(gradient, requireNonNull(io.get("grad/" + key))))
                    .as(key)
                    .isLessThan(1e-4);
                if (zeros.contains(key)) {
                  assertThat(gradient.norm().item()).as(key).isLessThan(1e-6);
                } else {
                  double norm = expected.get("gradientNorms").get(key).doubleValue();
                  assertThat(gradient.norm().item()).as(key).isCloseTo(norm, within(1e-4 * norm));
                }
              });
    }
  }

  private static Tensor forward(UNet network, Map<String, Tensor> io) {
    Optional<Tensor> labels = Optional.ofNullable(io.get("class_labels"));
    return network.forward(
        requireNonNull(io.get("x")), requireNonNull(io.get("timesteps")), labels, Dropout.NONE);
  }

  private static UNet loaded(String name, UNetConfig config) throws IOException {
    UNet network = new UNet(config, Seed.of(1));
    network.load(
        Safetensors.read(FOLDER.resolve(name).resolve("diffusion_pytorch_model.safetensors")));
    return network;
  }

  private static JsonNode expected(String name) {
    return JsonMapper.shared().readTree(FOLDER.resolve(name).resolve("expected.json"));
  }

  /** Returns the largest difference, relative to the largest golden magnitude. */
  private static double distance(Tensor actual, Tensor golden) {
    double[] a = actual.to(DType.F64).toDoubles();
    double[] b = golden.to(DType.F64).toDoubles();
    assertThat(a).hasSameSizeAs(b);
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < a.length; i++) {
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
      magnitude = Math.max(magnitude, Math.abs(b[i]));
    }
    return difference / Math.max(magnitude, 1e-2);
  }

  private static List<Long> longs(JsonNode array) {
    return array.values().stream().map(JsonNode::longValue).toList();
  }

  private static List<Long> boxed(long[] values) {
    List<Long> list = new ArrayList<>();
    for (long value : values) {
      list.add(value);
    }
    return list;
  }
}
