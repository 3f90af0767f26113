package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The options of {@code UNet2DModel}, one by one: which values are read, and written again as they
 * were, and which are not.
 */
class UNet2DModelOptionsTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path GOLDEN = Path.of("src/test/resources/golden/unet/options");

  /** What the options that are not said are, apart from diffusers' defaults. */
  private static final Map<String, String> BASE =
      Map.of(
          "_class_name", "\"UNet2DModel\"",
          "block_out_channels", "[32, 64]",
          "down_block_types", "[\"DownBlock2D\", \"AttnDownBlock2D\"]",
          "up_block_types", "[\"AttnUpBlock2D\", \"UpBlock2D\"]");

  private static final String ACCEPTED =
      """
      sample_size             | null | 16 | [16, 32] | [16, 16]
      in_channels             | 1 | 4
      out_channels            | 3 | 6
      center_input_sample     | true | false
      time_embedding_type     | "positional" | "fourier"
      time_embedding_dim      | null | 20
      freq_shift              | 0 | 1 | 2 | -3 | 0.5
      flip_sin_to_cos         | true | false
      down_block_types        | ["AttnDownBlock2D", "DownBlock2D"] | ["SkipDownBlock2D", "ResnetDownsampleBlock2D"] | ["AttnSkipDownBlock2D", "KDownBlock2D"]
      mid_block_type          | "UNetMidBlock2D" | null
      up_block_types          | ["ResnetUpsampleBlock2D", "AttnUpBlock2D"] | ["SkipUpBlock2D", "AttnSkipUpBlock2D"] | ["UpBlock2D", "SkipUpBlock2D"]
      block_out_channels      | [32, 32] | [64, 32]
      layers_per_block        | 1 | 3
      mid_block_scale_factor  | 1 | 1.5 | -1 | 1.41421356237
      downsample_padding      | 0 | 1
      downsample_type         | "conv" | "resnet"
      upsample_type           | "conv" | "resnet"
      dropout                 | 0.0 | 0.25
      act_fn                  | "silu" | "mish" | "gelu" | "relu"
      attention_head_dim      | null | 8 | 3
      norm_num_groups         | 32 | 8
      attn_norm_num_groups    | null | 4
      norm_eps                | 1e-05 | 1e-06 | 0.0
      resnet_time_scale_shift | "default" | "scale_shift"
      add_attention           | true | false
      class_embed_type        | null | "timestep" | "identity"
      num_class_embeds        | null | 7
      num_train_timesteps     | null
      """;

  /** Of two spellings one is written; what has no effect is not written. */
  private static final String REWRITTEN =
      """
      act_fn                  | "swish" | "silu"
      act_fn                  | "GELU"  | "gelu"
      down_block_types        | ["UNetResDownBlock2D", "DownBlock2D"] | ["DownBlock2D", "DownBlock2D"]
      downsample_type         | null    | "conv"
      mid_block_scale_factor  | 2.0     | 2
      num_train_timesteps     | 1000    | null
      """;

  /** What the class cannot run, and what it runs but has no sense. */
  private static final String REFUSED =
      """
      sample_size             | [16]  | one number, or height and width
      sample_size             | [16, 15] | model.extent.width is 15; allowed: a multiple of 2
      time_embedding_dim      | 0     | a number above 0
      freq_shift              | 16    | not half the first width, 16
      layers_per_block        | 0     | a whole number above 0
      mid_block_type          | "UNetMidBlock2DCrossAttn" | supported: UNetMidBlock2D, null
      mid_block_scale_factor  | 0     | a number other than 0
      downsample_padding      | 2     | 0, 1; more gives sizes that the way up cannot join
      dropout                 | 1     | 0 ≤ value < 1
      act_fn                  | "tanh" | silu, swish, mish, gelu, relu
      attention_head_dim      | 65    | at most 64, the width that attention has
      attention_head_dim      | [8, 8] | a whole number
      norm_num_groups         | null  | model.layers.groups is missing
      norm_eps                | -1    | 0 or a number above
      resnet_time_scale_shift | "ada_group" | default, scale_shift
      class_embed_type        | "projection" | null, timestep, identity
      """;

  @TempDir Path folder;

  static Stream<String[]> accepted() {
    return rows(ACCEPTED)
        .flatMap(row -> Stream.of(row).skip(1).map(value -> new String[] {row[0], value}));
  }

  static Stream<String[]> rewritten() {
    return rows(REWRITTEN);
  }

  static Stream<String[]> refused() {
    return rows(REFUSED);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("accepted")
  void read_valueThatTheClassTakes_isWrittenAsItWas(String option, String value) {
    assertThat(rewritten(Map.of(option, value)).path(option)).isEqualTo(JSON.readTree(value));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rewritten")
  void read_valueWithAnotherSpelling_isWrittenInOne(String option, String value, String written) {
    assertThat(rewritten(Map.of(option, value)).path(option)).isEqualTo(JSON.readTree(written));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void read_valueWithoutSense_isRefused(String option, String value, String message) {
    assertThatThrownBy(() -> rewritten(Map.of(option, value)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(folder.resolve("config.json") + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void read_learnedFeatures_keepTheirNumberOfSteps() {
    JsonNode written =
        rewritten(Map.of("time_embedding_type", "\"learned\"", "num_train_timesteps", "12"));

    assertThat(written.path("time_embedding_type").stringValue()).isEqualTo("learned");
    assertThat(written.path("num_train_timesteps").intValue()).isEqualTo(12);
  }

  @Test
  void read_ncsnpp_isWrittenAsItWas() {
    Map<String, String> ncsnpp =
        Map.of(
            "attention_head_dim", "null",
            "block_out_channels", "[128, 256, 256, 256]",
            "down_block_types",
                """
                ["SkipDownBlock2D", "AttnSkipDownBlock2D", "SkipDownBlock2D", "SkipDownBlock2D"]""",
            "layers_per_block", "4",
            "mid_block_scale_factor", "1.41421356237",
            "norm_eps", "1e-06",
            "norm_num_groups", "null",
            "sample_size", "256",
            "time_embedding_type", "\"fourier\"",
            "up_block_types",
                """
                ["SkipUpBlock2D", "SkipUpBlock2D", "AttnSkipUpBlock2D", "SkipUpBlock2D"]""");

    JsonNode written = rewritten(ncsnpp);

    ncsnpp.forEach((key, value) -> assertThat(written.path(key)).isEqualTo(JSON.readTree(value)));
  }

  @Test
  void options_ofTheClass_areAllHere() throws IOException {
    JsonNode file = JSON.readTree(Files.readString(GOLDEN.resolve("skip/config.json")));
    Set<String> options = new TreeSet<>(file.propertyNames());
    options.removeIf(name -> name.startsWith("_"));

    Set<String> tested = rows(ACCEPTED).map(row -> row[0]).collect(Collectors.toSet());
    assertThat(tested).isEqualTo(options);
  }

  /** Returns what is written for what was read. */
  private JsonNode rewritten(Map<String, String> changes) {
    Map<String, String> options = new TreeMap<>(BASE);
    options.putAll(changes);
    String text =
        options.entrySet().stream()
            .map(option -> "\"%s\": %s".formatted(option.getKey(), option.getValue()))
            .collect(Collectors.joining(", ", "{", "}"));
    Path file = folder.resolve("config.json");
    try {
      Files.writeString(file, text);
      return JSON.readTree(
          PythonJson.render(NetworkOptions.of(NetworkOptions.read(OptionFile.read(file)))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String[]> rows(String table) {
    return table.lines().map(line -> line.strip().split("\\s*\\|\\s*"));
  }
}
