package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders that others wrote, and what is refused in them. */
class PublishedFoldersTest {
  @TempDir Path folder;

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
      Map<String, Tensor> today =
          DiffusersPipeline.read(DiffusersPipelineTest.golden("tiny")).weights();
      Map<String, Tensor> old =
          DiffusersPipeline.read(DiffusersPipelineTest.golden("tiny_oldkeys")).weights();

      assertThat(old.keySet()).containsExactlyInAnyOrderElementsOf(today.keySet());
      today.forEach(
          (name, value) ->
              assertThat(requireNonNull(old.get(name)).toBytes()).isEqualTo(value.toBytes()));
    }
  }

  @Test
  void weights_halfPrecision_becomeSinglePrecision() throws IOException {
    DiffusersPipeline original = DiffusersPipeline.read(DiffusersPipelineTest.golden("tiny"));
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> half = new LinkedHashMap<>();
      original.weights().forEach((name, value) -> half.put(name, value.to(DType.F16)));
      DiffusersPipeline.write(folder, original.network(), DiffusersPipelineTest.PROCESS, half);

      Tensor read = requireNonNull(DiffusersPipeline.read(folder).weights().get("conv_in.weight"));

      assertThat(read.type()).isEqualTo(DType.F32);
      assertThat(read.toFloats()).isEqualTo(requireNonNull(half.get("conv_in.weight")).toFloats());
    }
  }

  @Test
  void load_golden_givesNetworkWithItsWeights() throws IOException {
    DiffusersPipeline pipeline =
        DiffusersPipeline.read(DiffusersPipelineTest.golden("tiny_oldkeys"));
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
    ModelConfig network = DiffusersPipeline.read(DiffusersPipelineTest.golden("tiny")).network();
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights =
          DiffusersPipeline.read(DiffusersPipelineTest.golden("classcond28")).weights();
      DiffusersPipeline.write(folder, network, DiffusersPipelineTest.PROCESS, weights);
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
          mid_block_scale_factor  | 0                   | middleScale is 0.0; allowed: a number other than 0
          out_channels            | 0                   | outputChannels is 0; allowed: a number above 0
          resnet_time_scale_shift | "spatial"           | resnet_time_scale_shift is "spatial"; allowed: default, scale_shift
          sample_size             | "8"                 | sample_size is "8"; allowed: a whole number
          time_embedding_type     | "rotary"            | time_embedding_type is "rotary"; allowed: positional, fourier, learned
          time_embedding_type     | "learned"           | num_train_timesteps is null; allowed: a whole number
          time_embedding_dim      | -1                  | timeEmbedding.width is -1; allowed: a number above 0
          attn_norm_num_groups    | 3                   | middleGroups is 3; allowed: a divisor of the lowest width, 8
          attention_head_dim      | 9                   | headWidth is 9; allowed: at most 8, the width that attention has
          down_block_types        | ["DownBlock2D","CrossAttnDownBlock2D"] | allowed: a list of DownBlock2D, AttnDownBlock2D, ResnetDownsampleBlock2D, SkipDownBlock2D, AttnSkipDownBlock2D, KDownBlock2D (CrossAttnDownBlock2D attends to texts, which UNet2DModel is not given)
          down_block_types        | ["DownBlock2D","SimpleCrossAttnDownBlock2D"] | (SimpleCrossAttnDownBlock2D attends to texts
          down_block_types        | ["DownBlock2D","DownEncoderBlock2D"] | (DownEncoderBlock2D is of autoencoders, UNet2DModel cannot run it)
          down_block_types        | ["DownBlock2D","AttnDownEncoderBlock2D"] | (AttnDownEncoderBlock2D is of autoencoders
          down_block_types        | ["KDownBlock2D","DownBlock2D"] | model.upBlocks is [RESIDUAL, ATTENTION]; allowed: k at a level if and only if
          up_block_types          | ["UpBlock2D","Up"]  | up_block_types is ["UpBlock2D","Up"]; allowed: a list of UpBlock2D, AttnUpBlock2D, ResnetUpsampleBlock2D, SkipUpBlock2D, AttnSkipUpBlock2D, KUpBlock2D
          up_block_types          | ["UpDecoderBlock2D","UpBlock2D"] | (UpDecoderBlock2D is of autoencoders, UNet2DModel cannot run it)
          up_block_types          | ["UpBlock2D","AttnUpDecoderBlock2D"] | (AttnUpDecoderBlock2D is of autoencoders
          up_block_types          | ["SkipUpBlock2D","UpBlock2D"] | model.upBlocks is [RESIDUAL, SKIP]; allowed: skip levels only above a skip level
          up_block_types          | ["AttnUpBlock2D","AttnSkipUpBlock2D"] | model.widths is [4, 8]; allowed: multiples of 32, for the attention of skip levels
          up_block_types          | ["UpBlock2D"]       | model.upBlocks is [RESIDUAL]; allowed: as many as widths
          block_out_channels      | [4,"8"]             | block_out_channels is [4,"8"]; allowed: a list of whole numbers
          block_out_channels      | []                  | model.widths is []; allowed: one width per level, at least one
          norm_num_groups         | 3                   | model.widths is [4, 8]; allowed: multiples of
          norm_eps                | "small"             | norm_eps is "small"; allowed: a number
          flip_sin_to_cos         | 1                   | flip_sin_to_cos is 1; allowed: true or false
          freq_shift              | 2                   | frequencyShift is 2.0; allowed: not half the first width, 2
          norm_num_groups         | null                | model.layers.groups is missing; allowed: a whole number above 0
          resnet_eps              | 1e-6                | the option resnet_eps is not supported yet
          """)
  void read_networkWithOtherFeature_isRefusedByName(String name, String value, String message)
      throws IOException {
    String options = Files.readString(DiffusersPipelineTest.golden("tiny").resolve("config.json"));
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
          "_class_name": "RePaintScheduler" | _class_name "RePaintScheduler" is not supported yet; supported: DDPMScheduler, DDIMScheduler, PNDMScheduler
          "beta_schedule": "cosine"         | beta_schedule is "cosine"; allowed: linear, scaled_linear, squaredcos_cap_v2, sigmoid, laplace
          "variance_type": "fixed_tiny"     | variance_type is "fixed_tiny"; allowed: fixed_small, fixed_small_log, fixed_large, learned, learned_range
          "prediction_type": "flow"         | prediction_type is "flow"; allowed: epsilon, sample, v_prediction
          "prediction_type": "flow_prediction" | prediction_type "flow_prediction" is not supported: a network of flow matching is no DDPM
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
      Files.copy(DiffusersPipelineTest.golden("tiny").resolve(file), folder.resolve(file));
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
    Files.copy(
        DiffusersPipelineTest.golden("tiny").resolve("config.json"), folder.resolve("config.json"));
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
