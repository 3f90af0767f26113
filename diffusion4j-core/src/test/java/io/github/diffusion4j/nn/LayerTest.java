package io.github.diffusion4j.nn;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Device;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerics")
class LayerTest {
  private static final Seed SEED = Seed.of(5);

  @Test
  void load_parametersOfAnother_copiesThemAndConvertsTheirType() {
    try (Scope scope = Scope.open();
        UNet source = new UNet(Networks.tiny(), SEED);
        UNet target = new UNet(Networks.tiny(), Seed.of(6))) {
      Map<String, Tensor> doubles = new LinkedHashMap<>();
      source.parameters().forEach((name, value) -> doubles.put(name, value.to(DType.F64)));

      target.load(doubles);

      target
          .parameters()
          .forEach(
              (name, value) -> {
                assertThat(value.type()).isEqualTo(DType.F32);
                assertNumbers(value.toFloats())
                    .areEqualTo(requireNonNull(source.parameters().get(name)).toFloats());
              });
    }
  }

  /** A network that will be loaded is neither drawn first nor given memory for it. */
  @Test
  void withoutWeights_loaded_computesLikeItsSource() {
    try (Scope scope = Scope.open();
        UNet source = new UNet(Networks.tiny(), SEED);
        Network target = Network.withoutWeights(Networks.tiny())) {
      assertThat(target.parameterCount()).isEqualTo(source.parameterCount());
      assertThat(target.parameters().values())
          .filteredOn(p -> p.numel() > 1)
          .noneMatch(Tensor::hasHome);

      target.load(source.parameters());

      assertThat(target.parameters().values()).allMatch(Tensor::hasHome);
      target
          .parameters()
          .forEach(
              (name, value) ->
                  assertThat(value.toFloats())
                      .as(name)
                      .isEqualTo(requireNonNull(source.parameters().get(name)).toFloats()));
    }
  }

  @Test
  void load_withMissingNames_namesTheFirstFewAndChangesNothing() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), SEED)) {
      Map<String, Tensor> values = Map.of("conv_in.weight", Tensor.zeros(4, 3, 3, 3));

      assertThatThrownBy(() -> network.load(values))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("missing parameters: conv_in.bias; time_embedding.linear_1.weight")
          .hasMessageEndingWith("…");
      assertThat(requireNonNull(network.parameters().get("conv_in.weight")).norm().item())
          .isPositive();
    }
  }

  @Test
  void load_withUnexpectedName_namesIt() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), SEED)) {
      Map<String, Tensor> values = new LinkedHashMap<>(network.parameters());
      values.put("fc.weight", Tensor.zeros(1));

      assertThatThrownBy(() -> network.load(values))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("1 unexpected parameters: fc.weight");
    }
  }

  @Test
  void load_withWrongShape_namesBothShapes() {
    try (Scope scope = Scope.open();
        UNet network = new UNet(Networks.tiny(), SEED)) {
      Map<String, Tensor> values = new LinkedHashMap<>(network.parameters());
      values.put("conv_in.bias", Tensor.zeros(5));

      assertThatThrownBy(() -> network.load(values))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("conv_in.bias [5], allowed [4]");
    }
  }

  @Test
  void moveTo_cpu_keepsValuesAndGradients() {
    try (Scope scope = Scope.open();
        Linear layer = new Linear(3, 2, Start.TORCH)) {
      layer.initialize(SEED);
      float[] before = requireNonNull(layer.parameters().get("weight")).toFloats();

      layer.moveTo(Device.CPU);
      layer.forward(Tensor.full(1, 4, 3)).sum().backward();

      assertThat(layer.parameters().get("weight").toFloats()).containsExactly(before);
      assertThat(layer.parameters().get("weight").gradient().toFloats()).containsOnly(4);
    }
  }

  @Test
  void forward_ofRightBottomDownsampling_seesZerosBehindTheLastRowAndColumn() {
    var layers = Networks.ho(32, 1, 32, 32).layers();
    try (Scope scope = Scope.open();
        Downsample layer = new Downsample(1, layers)) {
      requireNonNull(layer.parameters().get("conv.weight")).detach().fillInPlace(1);

      float[] sums = layer.forward(Tensor.full(1, 1, 1, 4, 4)).toFloats();

      assertThat(sums).containsExactly(9, 6, 6, 4);
    }
  }

  @Test
  void forward_ofSymmetricDownsampling_seesZerosBeforeTheFirstRowAndColumn() {
    var layers = Networks.layers(1, Initialization.TORCH);
    try (Scope scope = Scope.open();
        Downsample layer = new Downsample(1, layers)) {
      requireNonNull(layer.parameters().get("conv.weight")).detach().fillInPlace(1);

      float[] sums = layer.forward(Tensor.full(1, 1, 1, 4, 4)).toFloats();

      assertThat(sums).containsExactly(4, 6, 6, 9);
    }
  }
}
