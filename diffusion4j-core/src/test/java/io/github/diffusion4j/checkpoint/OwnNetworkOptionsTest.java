package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.HeadCount;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks for images that diffusers does not have, in its layout. */
class OwnNetworkOptionsTest {
  private static final ProcessConfig PROCESS =
      new ProcessConfig(
          new ScheduleConfig.Cosine(4000),
          PredictionTarget.EPSILON,
          VarianceChoice.BETA,
          X0Range.CLIP_TO_DATA);

  @TempDir Path folder;

  static Stream<UNetConfig> networks() {
    HeadCount heads = new HeadCount(2, Optional.of(4));
    return Stream.of(
        network(Optional.of(heads), Optional.empty()),
        network(Optional.empty(), Optional.of(new TimeFeatures.Scaled(0.25))));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void load_writtenNetwork_isTheSameBitForBit(UNetConfig config) throws IOException {
    assertThat(DiffusersPipeline.knows(config)).isFalse();
    try (UNet network = new UNet(config, Seed.of(0));
        Scope scope = Scope.open()) {
      DiffusersPipeline.write(folder, config, PROCESS, network.parameters());
      DiffusersPipeline read = DiffusersPipeline.read(folder);

      assertThat(read.network()).isEqualTo(config);
      assertThat(read.process()).isEqualTo(PROCESS);
      try (Network loaded = read.load()) {
        network
            .parameters()
            .forEach(
                (name, value) ->
                    assertThat(requireNonNull(loaded.parameters().get(name)).toDoubles())
                        .isEqualTo(value.toDoubles()));
      }
    }
  }

  @Test
  void write_network_hasNothingThatPythonTakesForItsOwn() throws IOException {
    DiffusersPipeline.write(folder, networks().findFirst().orElseThrow(), PROCESS, Map.of());

    assertThat(folder.resolve("model_index.json"))
        .content()
        .contains("\"_class_name\": \"diffusion4j.ImagePipeline\"")
        .doesNotContain("UNet2DModel");
    OptionFile options = OptionFile.read(folder.resolve("unet/config.json"));
    options.supportOnly("_class_name", "diffusion4j.Network");
    options.supportOnlyNames(Set.of("model"));
  }

  @Test
  void read_wrongOption_saysFileAndPath() throws IOException {
    DiffusersPipeline.write(folder, networks().findFirst().orElseThrow(), PROCESS, Map.of());
    Path file = folder.resolve("unet/config.json");
    String text = Files.readString(file);

    Files.writeString(file, text.replace("\"groups\": 4", "\"groups\": 5"));
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(file + ": model.widths is [16, 32]; allowed: multiples of");
    Files.writeString(file, text.replace("\"groups\": 4", "\"gruops\": 4"));
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("model.layers.gruops is unknown; did you mean model.layers.groups?");
    Files.writeString(file, "{\"_class_name\": \"diffusion4j.Network\"}");
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("model is missing");
  }

  private static UNetConfig network(Optional<HeadCount> heads, Optional<TimeFeatures> features) {
    LayerConfig layers =
        new LayerConfig(
            4,
            1e-5,
            0,
            Optional.empty(),
            LayerConfig.Downsampling.SYMMETRIC,
            new TimeEmbeddingConfig(
                TimeEmbeddingConfig.Order.COS_SIN, 0, features, Optional.empty()),
            LayerConfig.Initialization.TORCH,
            Optional.empty(),
            heads);
    return new UNetConfig(
        3,
        8,
        List.of(16, 32),
        List.of(BlockKind.ATTENTION, BlockKind.ATTENTION),
        1,
        layers,
        Optional.of(10));
  }
}
