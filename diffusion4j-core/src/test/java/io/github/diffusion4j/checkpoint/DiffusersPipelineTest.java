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
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusersPipelineTest {
  private static final ProcessConfig PROCESS =
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
              "timestep_spacing": "leading",
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

  @Test
  void read_flatLayoutOfPublishedCifarModel_fillsInDefaults() throws IOException {
    Files.writeString(folder.resolve("model_index.json"), "{}");
    Files.writeString(
        folder.resolve("scheduler_config.json"),
        """
        {"_class_name": "DDPMScheduler", "beta_start": 1e-4, "beta_end": 0.02,
         "beta_schedule": "linear", "num_train_timesteps": 1000, "clip_sample": true,
         "trained_betas": null, "variance_type": "fixed_large"}
        """);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"_class_name":"UNet2DModel","act_fn":"silu","attention_head_dim":null,
         "block_out_channels":[128,256,256,256],"center_input_sample":false,
         "down_block_types":["DownBlock2D","AttnDownBlock2D","DownBlock2D","DownBlock2D"],
         "downsample_padding":0,"flip_sin_to_cos":false,"freq_shift":1,"in_channels":3,
         "out_channels":3,"layers_per_block":2,"mid_block_scale_factor":1,"norm_eps":1e-06,
         "norm_num_groups":32,"sample_size":32,"time_embedding_type":"positional",
         "up_block_types":["UpBlock2D","UpBlock2D","AttnUpBlock2D","UpBlock2D"]}
        """);
    Files.createFile(folder.resolve("diffusion_pytorch_model.safetensors"));

    DiffusersPipeline pipeline = DiffusersPipeline.read(folder);

    assertThat(pipeline.process().variance()).isEqualTo(VarianceChoice.BETA);
    assertThat(pipeline.process().prediction()).isEqualTo(PredictionTarget.EPSILON);
    UNetConfig network = (UNetConfig) pipeline.network();
    assertThat(network.blocks().get(1)).isEqualTo(BlockKind.ATTENTION);
    assertThat(network.layers().headWidth()).isEmpty();
    assertThat(network.layers().dropout()).isZero();
  }

  @Test
  void weights_oldAttentionNames_areToday() throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> today = DiffusersPipeline.read(golden("tiny")).weights();
      Map<String, Tensor> old = DiffusersPipeline.read(golden("tiny_oldkeys")).weights();

      assertThat(old.keySet()).containsExactlyInAnyOrderElementsOf(today.keySet());
      today.forEach(
          (name, value) ->
              assertThat(requireNonNull(old.get(name)).toBytes()).isEqualTo(value.toBytes()));
    }
  }

  @Test
  void weights_halfPrecision_becomeSinglePrecision() throws IOException {
    DiffusersPipeline original = DiffusersPipeline.read(golden("tiny"));
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> half = new LinkedHashMap<>();
      original.weights().forEach((name, value) -> half.put(name, value.to(DType.F16)));
      DiffusersPipeline.write(folder, original.network(), PROCESS, half);

      Tensor read = requireNonNull(DiffusersPipeline.read(folder).weights().get("conv_in.weight"));

      assertThat(read.type()).isEqualTo(DType.F32);
      assertThat(read.toFloats()).isEqualTo(requireNonNull(half.get("conv_in.weight")).toFloats());
    }
  }

  @Test
  void load_golden_givesNetworkWithItsWeights() throws IOException {
    DiffusersPipeline pipeline = DiffusersPipeline.read(golden("tiny_oldkeys"));
    try (Network unet = pipeline.load();
        Scope scope = Scope.open()) {
      Map<String, Tensor> weights = pipeline.weights();

      assertThat(unet.parameters().keySet()).containsExactlyInAnyOrderElementsOf(weights.keySet());
      unet.parameters()
          .forEach(
              (name, value) ->
                  assertThat(value.toBytes())
                      .isEqualTo(requireNonNull(weights.get(name)).toBytes()));
    }
  }

  @Test
  void load_weightsOfAnotherNetwork_saysWhichFile() throws IOException {
    ModelConfig network = DiffusersPipeline.read(golden("tiny")).network();
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights = DiffusersPipeline.read(golden("classcond28")).weights();
      DiffusersPipeline.write(folder, network, PROCESS, weights);
    }
    DiffusersPipeline pipeline = DiffusersPipeline.read(folder);

    assertThatThrownBy(pipeline::load)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("diffusion_pytorch_model.safetensors does not fit its config.json");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          _class_name             | "UNetModel"         | _class_name "UNetModel" is not supported yet; supported: UNet2DModel
          act_fn                  | "tanh"              | act_fn is "tanh"; allowed: silu, swish, mish, gelu, relu
          add_attention           | "no"                | add_attention "no" is not supported yet; supported: true, false
          add_attention           | null                | add_attention null is not supported yet
          center_input_sample     | "yes"               | center_input_sample is "yes"; allowed: true or false
          class_embed_type        | "projection"        | class_embed_type is "projection"; allowed: null, timestep, identity
          downsample_type         | "pool"              | downsample_type is "pool"; allowed: conv, resnet
          upsample_type           | "fir"               | upsample_type is "fir"; allowed: conv, resnet
          downsample_padding      | 2                   | downsample_padding is 2; allowed: 0, 1
          mid_block_type          | "UNetMidBlock2DCrossAttn" | mid_block_type "UNetMidBlock2DCrossAttn" is not supported yet; supported: UNetMidBlock2D, null
          mid_block_scale_factor  | 0                   | middleScale is 0.0; allowed: a number above 0
          out_channels            | 0                   | outputChannels is 0; allowed: a number above 0
          resnet_time_scale_shift | "spatial"           | resnet_time_scale_shift is "spatial"; allowed: default, scale_shift
          sample_size             | null                | sample_size is null; allowed: height and width, one number
          sample_size             | "8"                 | sample_size is "8"; allowed: a whole number
          time_embedding_type     | "rotary"            | time_embedding_type is "rotary"; allowed: positional, fourier, learned
          time_embedding_type     | "learned"           | num_train_timesteps is null; allowed: a whole number
          time_embedding_dim      | -1                  | timeEmbedding.width is -1; allowed: a number above 0
          attn_norm_num_groups    | 3                   | middleGroups is 3; allowed: a divisor of the lowest width, 8
          attention_head_dim      | 9                   | headWidth is 9; allowed: at most 8, the width that attention has
          down_block_types        | ["DownBlock2D","SkipDownBlock2D"] | down_block_types is ["DownBlock2D","SkipDownBlock2D"]; allowed: a list of DownBlock2D, AttnDownBlock2D, ResnetDownsampleBlock2D
          up_block_types          | ["UpBlock2D","Up"]  | up_block_types is ["UpBlock2D","Up"]; allowed: a list of UpBlock2D, AttnUpBlock2D, ResnetUpsampleBlock2D
          up_block_types          | ["UpBlock2D"]       | model.upBlocks is [RESIDUAL]; allowed: as many as widths
          block_out_channels      | [4,"8"]             | block_out_channels is [4,"8"]; allowed: a list of whole numbers
          block_out_channels      | []                  | model.widths is []; allowed: one width per level, at least one
          norm_num_groups         | 3                   | model.widths is [4, 8]; allowed: multiples of
          norm_eps                | "small"             | norm_eps is "small"; allowed: a number
          flip_sin_to_cos         | 1                   | flip_sin_to_cos is 1; allowed: true or false
          freq_shift              | 2                   | frequencyShift is 2; allowed: 0 or 1
          resnet_eps              | 1e-6                | the option resnet_eps is not supported yet
          """)
  void read_networkWithOtherFeature_isRefusedByName(String name, String value, String message)
      throws IOException {
    String options = Files.readString(golden("tiny").resolve("config.json"));
    String line = "\n  \"%s\": %s".formatted(name, value);
    String changed =
        options.contains("\"" + name + "\"")
            ? options.replaceFirst(
                "(?s)\n  \"" + name + "\": (\\[.*?\\]|[^\n,]*)", line.replace("$", "\\$"))
            : options.replaceFirst("\\{", "{" + line + ",");
    Files.writeString(folder.resolve("config.json"), changed);

    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(folder.resolve("config.json").toString())
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "_class_name": "EDMEulerScheduler" | _class_name "EDMEulerScheduler" is not supported yet; supported: DDPMScheduler, DDIMScheduler, PNDMScheduler
          "beta_schedule": "cosine"         | beta_schedule is "cosine"; allowed: linear, scaled_linear, squaredcos_cap_v2, sigmoid, laplace
          "variance_type": "fixed_tiny"     | variance_type is "fixed_tiny"; allowed: fixed_small, fixed_small_log, fixed_large, learned, learned_range
          "prediction_type": "flow"         | prediction_type is "flow"; allowed: epsilon, sample, v_prediction
          "rescale_betas_zero_snr": 1       | rescale_betas_zero_snr is 1; allowed: true or false
          "clip_sample_range": -2.0         | clip_sample_range is -2.0; allowed: above 0
          "predict_epsilon": false          | predict_epsilon false is not supported yet; supported: true
          "rescale_betas": true             | the option rescale_betas is not supported yet
          "trained_betas": 3                | trained_betas is 3; allowed: a list
          "trained_betas": [0.1, 7]         | process.schedule.betas is a list with 7.0; allowed: 0 < β ≤ 1
          """)
  void read_processWithOtherFeature_isRefusedByName(String option, String message)
      throws IOException {
    Path process = Files.createDirectory(folder.resolve("scheduler"));
    Files.writeString(process.resolve("scheduler_config.json"), "{" + option + "}");
    for (String file : List.of("config.json", "diffusion_pytorch_model.safetensors")) {
      Files.copy(golden("tiny").resolve(file), folder.resolve(file));
    }
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("scheduler_config.json: " + message);
  }

  @Test
  void read_missingParts_areNamed() throws IOException {
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessage(folder + " has no unet/config.json");
    Files.copy(golden("tiny").resolve("config.json"), folder.resolve("config.json"));
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessage(folder + " has no diffusion_pytorch_model.safetensors");
    Files.writeString(folder.resolve("model_index.json"), "{}");
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessage(folder + " has no scheduler/scheduler_config.json");
    Files.writeString(folder.resolve("config.json"), "{");
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("config.json is not valid JSON");
  }
}
