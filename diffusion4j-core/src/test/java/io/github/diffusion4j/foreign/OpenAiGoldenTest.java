package io.github.diffusion4j.foreign;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.HeadCount;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Networks of OpenAI's code, with its answers. */
@Tag("numerics")
class OpenAiGoldenTest {
  @SuppressWarnings("unused") // by its name
  static final List<String> NAMES = OpenAiCase.NAMES;

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("NAMES")
  void load_networkOfTheirCode_givesItsAnswer(String name) throws IOException {
    OpenAiCase given = OpenAiCase.of(name);
    ForeignModel model = Families.read(given.write(folder), Flags.parse(given.flags()));
    try (Network network = model.load();
        Scope scope = Scope.open()) {
      Map<String, Tensor> values = given.values();

      assertThat(difference(network, values)).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void read_process_hasTheirBetas(String name) throws IOException {
    OpenAiCase given = OpenAiCase.of(name);
    ForeignModel model = Families.read(given.write(folder), Flags.parse(given.flags()));
    NoiseSchedule schedule = FromConfig.schedule(model.process().schedule());
    try (Scope scope = Scope.open()) {
      double[] betas = requireNonNull(given.values().get("betas")).toDoubles();

      assertThat(schedule.steps()).isEqualTo(betas.length);
      for (int t = 1; t <= betas.length; t++) {
        assertThat(schedule.beta(t)).isCloseTo(betas[t - 1], within(1e-9 * betas[t - 1]));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void write_folder_opensBitForBit(String name) throws IOException {
    OpenAiCase given = OpenAiCase.of(name);
    ForeignModel model = Families.read(given.write(folder), Flags.parse(given.flags()));
    Path target = folder.resolve("converted");
    try (Network network = model.load();
        Scope scope = Scope.open()) {
      DiffusersPipeline.write(target, model.network(), model.process(), network.parameters());

      DiffusersPipeline read = DiffusersPipeline.read(target);
      assertThat(read.process()).isEqualTo(model.process());
      try (Network again = read.load()) {
        Map<String, Tensor> values = given.values();
        assertThat(answer(again, values).toDoubles())
            .isEqualTo(answer(network, values).toDoubles());
      }
    }
  }

  @Test
  void read_improvedDiffusion_seesAQuarterOfTheTime() throws IOException {
    UNetConfig network = network("improved");

    assertThat(network.layers().timeEmbedding().kind()).isEqualTo(new TimeFeatures.Scaled(0.25));
    assertThat(network.layers().headWidth()).as("4 heads over 64 channels").contains(16);
    assertThat(network.layers().dropout()).isEqualTo(0.3);
    assertThat(network.widths()).containsExactly(32, 64, 64, 64);
    assertThat(network.blocks())
        .containsExactly(
            BlockKind.RESIDUAL, BlockKind.ATTENTION, BlockKind.ATTENTION, BlockKind.RESIDUAL);
    assertThat(network.outputs()).isEqualTo(6);
    assertThat(DiffusersPipeline.knows(network)).isFalse();
  }

  @Test
  void read_headsOverSeveralWidths_areCounted() throws IOException {
    LayerConfig layers = network("legacy_order").layers();

    assertThat(layers.headWidth()).isEmpty();
    assertThat(layers.heads()).contains(new HeadCount(4, Optional.empty()));
    assertThat(network("heads_up").layers().heads()).contains(new HeadCount(2, Optional.of(8)));
  }

  @Test
  void read_whatDiffusersHas_isItsNetwork() throws IOException {
    assertThat(DiffusersPipeline.knows(network("head_channels"))).isTrue();
    assertThat(DiffusersPipeline.knows(network("one_head"))).isTrue();
    assertThat(network("head_channels").classes()).contains(1000);
    assertThat(network("one_head").layers().headWidth()).isEmpty();
  }

  @Test
  void read_process_followsTheFlags() throws IOException {
    OpenAiCase given = OpenAiCase.of("heads_up");
    Path file = given.write(folder);
    String flags = given.flags() + " --sigma_small True --clip_denoised False";
    ForeignModel model = Families.read(file, Flags.parse(flags));

    assertThat(model.process().prediction()).isEqualTo(PredictionTarget.X0);
    assertThat(model.process().variance()).isEqualTo(VarianceChoice.BETA_TILDE);
    assertThat(model.process().x0Range()).isEqualTo(X0Range.UNBOUNDED);
    OpenAiCase learned = OpenAiCase.of("head_channels");
    assertThat(
            Families.read(learned.write(folder), Flags.parse(learned.flags())).process().variance())
        .isEqualTo(VarianceChoice.LEARNED_RANGE);
  }

  @Test
  void load_wrongOrderOfAttention_givesAnotherAnswer() throws IOException {
    OpenAiCase given = OpenAiCase.of("new_order");
    Flags flags = Flags.parse(given.flags().replace("order True", "order False"));
    try (Network network = Families.read(given.write(folder), flags).load();
        Scope scope = Scope.open()) {
      assertThat(difference(network, given.values())).isGreaterThan(1e-3);
    }
  }

  @Test
  void load_fileOfTheirTraining_givesItsAnswer() throws IOException {
    Path file = OpenAiCase.resource("ema_0.9999_000100.pt");
    try (Network network =
            Families.read(file, Flags.parse("--image_size 16 --channel_mult 1")).load();
        Scope scope = Scope.open()) {
      Map<String, Tensor> values = Safetensors.read(OpenAiCase.resource("file.safetensors"));

      assertThat(network.parameterCount()).isEqualTo(176_195);
      assertThat(difference(network, values)).isLessThan(1e-5);
    }
  }

  private UNetConfig network(String name) throws IOException {
    OpenAiCase given = OpenAiCase.of(name);
    return (UNetConfig) Families.read(given.write(folder), Flags.parse(given.flags())).network();
  }

  private static Tensor answer(Network network, Map<String, Tensor> values) {
    try (Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      return scope.keep(
          network.forward(
              requireNonNull(values.get("x")),
              requireNonNull(values.get("time")),
              Optional.ofNullable(values.get("labels")),
              Dropout.NONE));
    }
  }

  /** The largest difference to their answer, relative to the largest number in it. */
  private static double difference(Network network, Map<String, Tensor> values) {
    double[] expected = requireNonNull(values.get("out")).toDoubles();
    double[] actual = answer(network, values).toDoubles();
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    return difference / largest;
  }
}
