package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Mlp;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusersPipelineTest {
  static final ProcessConfig PROCESS =
      new ProcessConfig(
          new ScheduleConfig.Linear(1000, 1e-4, 0.02),
          PredictionTarget.EPSILON,
          VarianceChoice.BETA_TILDE,
          X0Range.CLIP_TO_DATA);

  @TempDir Path folder;

  static Path golden(String name) {
    try {
      return Path.of(DiffusersPipelineTest.class.getResource("/golden/unet/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny", "classcond28"})
  void write_networkOfDiffusers_givesItsFilesByteForByte(String name) throws IOException {
    DiffusersPipeline original = DiffusersPipeline.read(golden(name));
    try (Scope scope = Scope.open()) {
      DiffusersPipeline.write(folder, original.network(), PROCESS, original.weights());
    }
    for (String file : List.of("config.json", "diffusion_pytorch_model.safetensors")) {
      assertThat(folder.resolve("unet").resolve(file))
          .hasSameBinaryContentAs(golden(name).resolve(file));
    }
  }

  @Test
  void write_process_hasAllOptionsOfDdpmScheduler() throws IOException {
    DiffusersPipeline original = DiffusersPipeline.read(golden("tiny"));
    DiffusersPipeline.write(folder, original.network(), PROCESS, Map.of());

    assertThat(folder.resolve("scheduler/scheduler_config.json"))
        .hasContent(
            """
            {
              "_class_name": "DDPMScheduler",
              "_diffusers_version": "0.40.0",
              "beta_end": 0.02,
              "beta_schedule": "linear",
              "beta_start": 0.0001,
              "clip_sample": true,
              "clip_sample_range": 1.0,
              "dynamic_thresholding_ratio": 0.995,
              "num_train_timesteps": 1000,
              "prediction_type": "epsilon",
              "rescale_betas_zero_snr": false,
              "sample_max_value": 1.0,
              "steps_offset": 0,
              "thresholding": false,
              "timestep_spacing": "trailing",
              "trained_betas": null,
              "variance_type": "fixed_small"
            }
            """);
    assertThat(folder.resolve("model_index.json"))
        .hasContent(
            """
            {
              "_class_name": "DDPMPipeline",
              "_diffusers_version": "0.40.0",
              "scheduler": [
                "diffusers",
                "DDPMScheduler"
              ],
              "unet": [
                "diffusers",
                "UNet2DModel"
              ]
            }
            """);
  }

  static Stream<ProcessConfig> processes() {
    ScheduleConfig linear = PROCESS.schedule();
    return Stream.of(
        PROCESS,
        new ProcessConfig(
            new ScheduleConfig.ScaledLinear(500, 1e-5, 0.01),
            PredictionTarget.X0,
            VarianceChoice.BETA,
            X0Range.UNBOUNDED),
        new ProcessConfig(
            new ScheduleConfig.Cosine(100),
            PredictionTarget.V,
            VarianceChoice.BETA,
            X0Range.CLIP_TO_DATA),
        new ProcessConfig(
            new ScheduleConfig.SigmoidBeta(1000, 1e-4, 0.02),
            PredictionTarget.V,
            VarianceChoice.BETA_TILDE,
            X0Range.UNBOUNDED),
        new ProcessConfig(
            new ScheduleConfig.Table(List.of(1.23456789e-7, 0.1, 0.999)),
            PredictionTarget.EPSILON,
            VarianceChoice.BETA_TILDE,
            X0Range.CLIP_TO_DATA),
        new ProcessConfig(
            new ScheduleConfig.DiffusersLaplace(200),
            PredictionTarget.V,
            VarianceChoice.BETA,
            X0Range.UNBOUNDED),
        new ProcessConfig(
            new ScheduleConfig.ZeroTerminalSnr(new ScheduleConfig.ScaledLinear(500, 1e-5, 0.01)),
            PredictionTarget.V,
            VarianceChoice.BETA,
            X0Range.UNBOUNDED),
        new ProcessConfig(
            new ScheduleConfig.ZeroTerminalSnr(new ScheduleConfig.Table(List.of(0.1, 0.4))),
            PredictionTarget.X0,
            VarianceChoice.BETA,
            X0Range.UNBOUNDED),
        new ProcessConfig(
            linear, PredictionTarget.EPSILON, VarianceChoice.LEARNED, X0Range.CLIP_TO_DATA),
        new ProcessConfig(
            linear, PredictionTarget.X0, VarianceChoice.LEARNED_RANGE, X0Range.CLIP_TO_DATA),
        new ProcessConfig(linear, PredictionTarget.V, VarianceChoice.BETA, X0Range.UNBOUNDED));
  }

  @ParameterizedTest
  @MethodSource("processes")
  void read_writtenProcess_isTheSame(ProcessConfig process) throws IOException {
    ModelConfig network = DiffusersPipeline.read(golden("tiny")).network();
    Map<String, Tensor> none = Map.of();
    DiffusersPipeline.write(folder, network, process, none);

    assertThat(DiffusersPipeline.read(folder).process()).isEqualTo(process);
  }

  @Test
  void read_writtenNetworkOfHo_isTheSame() throws IOException {
    UNetConfig network =
        new UNetConfig(
            3,
            32,
            List.of(128, 256, 256, 256),
            List.of(
                BlockKind.RESIDUAL, BlockKind.ATTENTION, BlockKind.RESIDUAL, BlockKind.RESIDUAL),
            2,
            new LayerConfig(
                32,
                1e-6,
                0.1,
                Optional.empty(),
                LayerConfig.Downsampling.RIGHT_BOTTOM,
                new TimeEmbeddingConfig(TimeEmbeddingConfig.Order.SIN_COS, 1),
                LayerConfig.Initialization.TORCH),
            Optional.empty());
    DiffusersPipeline.write(folder, network, PROCESS, Map.of());

    assertThat(DiffusersPipeline.read(folder).network()).isEqualTo(network);
    assertThat(folder.resolve("unet/config.json"))
        .content()
        .contains("\"norm_eps\": 1e-06,", "\"attention_head_dim\": null,");
  }

  @Test
  void read_writtenNetworkWithoutAttentionInTheMiddle_isTheSame() throws IOException {
    UNetConfig network =
        new UNetConfig(
            1,
            8,
            List.of(8, 8),
            List.of(BlockKind.RESIDUAL, BlockKind.RESIDUAL),
            MiddleKind.RESIDUAL,
            1,
            ((UNetConfig) DiffusersPipeline.read(golden("tiny")).network()).layers(),
            Optional.empty());
    try (UNet unet = new UNet(network, Seed.of(0))) {
      DiffusersPipeline.write(folder, network, PROCESS, unet.parameters());
      assertThat(unet.parameters().keySet()).noneMatch(name -> name.contains("attentions"));
    }

    try (Network read = DiffusersPipeline.read(folder).load()) {
      assertThat(read.config()).isEqualTo(network);
    }
    assertThat(folder.resolve("unet/config.json")).content().contains("\"add_attention\": false,");
  }

  /** What OpenAI's networks look like in diffusers: twice the channels, learned_range. */
  @Test
  void load_writtenNetworkThatLearnsTheVariance_isTheSame() throws IOException {
    UNetConfig network =
        ((UNetConfig) DiffusersPipeline.read(golden("tiny")).network()).withOutputChannels(6);
    ProcessConfig process =
        new ProcessConfig(
            PROCESS.schedule(),
            PredictionTarget.EPSILON,
            VarianceChoice.LEARNED_RANGE,
            X0Range.CLIP_TO_DATA);
    try (UNet unet = new UNet(network, Seed.of(0))) {
      DiffusersPipeline.write(folder, network, process, unet.parameters());
    }

    DiffusersPipeline read = DiffusersPipeline.read(folder);
    try (Scope scope = Scope.open();
        Network loaded = read.load()) {
      Tensor answer =
          loaded.forward(Tensor.zeros(2, 3, 8, 8), Tensor.zeros(2), Optional.empty(), Dropout.NONE);
      assertThat(loaded.config()).isEqualTo(network);
      assertThat(answer.shape()).containsExactly(2, 6, 8, 8);
    }
    assertThat(folder.resolve("unet/config.json"))
        .content()
        .contains("\"in_channels\": 3,", "\"out_channels\": 6,");
    assertThat(folder.resolve("scheduler/scheduler_config.json"))
        .content()
        .contains("\"variance_type\": \"learned_range\"");
  }

  @Test
  void load_writtenNetworkForPoints_isTheSame() throws IOException {
    MlpConfig network = new MlpConfig(2, 8, 3);
    try (Mlp mlp = new Mlp(network, Seed.of(1))) {
      DiffusersPipeline.write(folder, network, PROCESS, mlp.parameters());
      try (Network read = DiffusersPipeline.read(folder).load()) {
        assertThat(read.config()).isEqualTo(network);
        mlp.parameters()
            .forEach(
                (name, value) ->
                    assertThat(requireNonNull(read.parameters().get(name)).toBytes())
                        .isEqualTo(value.toBytes()));
      }
    }
    assertThat(folder.resolve("mlp/config.json")).content().contains("\"diffusion4j.Mlp\"");
    assertThat(folder.resolve("unet")).doesNotExist();
  }

  @Test
  void read_networkForPointsWithoutWidth_saysWhatIsMissing() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"_class_name\":\"diffusion4j.Mlp\",\"dimensions\":2,\"depth\":1}");

    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("width is missing; allowed: a whole number");
  }

  @Test
  void write_zeroTerminalSnr_isDiffusersFlag() throws IOException {
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.ZeroTerminalSnr(new ScheduleConfig.Linear(1000, 1e-4, 0.02)),
            PredictionTarget.V,
            VarianceChoice.BETA,
            X0Range.UNBOUNDED);
    DiffusersPipeline.write(
        folder, DiffusersPipeline.read(golden("tiny")).network(), process, Map.of());

    assertThat(folder.resolve("scheduler/scheduler_config.json"))
        .content()
        .contains(
            "\"rescale_betas_zero_snr\": true,",
            "\"beta_schedule\": \"linear\",",
            "\"trained_betas\": null,");
  }

  @Test
  void knows_schedules_isWhatWriteTakes() {
    assertThat(DiffusersPipeline.knows(new ScheduleConfig.Cosine(10))).isTrue();
    assertThat(DiffusersPipeline.knows(new ScheduleConfig.DiffusersLaplace(10))).isTrue();
    assertThat(DiffusersPipeline.knows(new ScheduleConfig.Laplace(10, 0, 1))).isFalse();
    assertThat(DiffusersPipeline.knows(new ScheduleConfig.Sigmoid(10, -3, 3, 1))).isFalse();
    assertThat(
            DiffusersPipeline.knows(new ScheduleConfig.ZeroTerminalSnr(new ScheduleConfig.Jsd(10))))
        .isFalse();
  }

  @Test
  void write_scheduleUnknownToDiffusers_writesNothing() throws IOException {
    ModelConfig network = DiffusersPipeline.read(golden("tiny")).network();
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.Sigmoid(1000, -3, 3, 1),
            PredictionTarget.V,
            VarianceChoice.BETA,
            X0Range.UNBOUNDED);

    assertThatThrownBy(() -> DiffusersPipeline.write(folder, network, process, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("diffusers has no schedule such as Sigmoid");
    assertThat(folder).isEmptyDirectory();
  }
}
