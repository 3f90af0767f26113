package io.github.diffusion4j.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about files and flags of OpenAI's projects that cannot be read. */
class OpenAiFamilyTest {
  @TempDir Path folder;

  @Test
  void read_withoutFlags_infersAndSaysWhatItAssumes() throws IOException {
    ForeignModel model = Families.read(OpenAiCase.of("improved").write(folder), Flags.NONE);

    assertThat(model.network().sampleShape()).as("by channel_mult").containsExactly(3, 32, 32);
    assertThat(model.process().schedule().steps()).isEqualTo(1000);
    assertThat(model.notes())
        .containsExactly(
            "assumed, as the projects do without a flag: diffusion_steps 1000, noise_schedule"
                + " linear, num_heads 4, predict_xstart False, clip_denoised True,"
                + " use_new_attention_order False");
  }

  @Test
  void read_flagsOfReadme_areTakenLiterally() throws IOException {
    OpenAiCase given = OpenAiCase.of("improved");
    Flags flags =
        Flags.parse(
            given.flags()
                + " --use_kl True --rescale_learned_sigmas False --timestep_respacing 250"
                + " --lr 1e-4 --batch_size 128 --schedule_sampler loss-second-moment");

    assertThat(Families.read(given.write(folder), flags).notes())
        .contains(
            "left out, as these say nothing about the network: batch_size, lr,"
                + " rescale_learned_sigmas, schedule_sampler, timestep_respacing, use_kl");
  }

  @Test
  void read_stepsWithoutRescaling_sayWhichDefaultWasTaken() throws IOException {
    OpenAiCase given = OpenAiCase.of("improved");

    assertThat(Families.read(given.write(folder), Flags.parse("--diffusion_steps 4000")).notes())
        .anyMatch(note -> note.contains("rescale_timesteps True"));
    assertThat(
            Families.read(
                    given.write(folder),
                    Flags.parse("--diffusion_steps 4000 --num_head_channels 16"))
                .notes())
        .anyMatch(note -> note.contains("rescale_timesteps False"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--num_channels 64 | flag --num_channels is 64, which contradicts the file, for which it must be 32",
        "--num_res_blocks 3 | flag --num_res_blocks is 3, which contradicts the file, for which it must be 1",
        "--learn_sigma False | flag --learn_sigma is False, which contradicts the file, for which it must be True",
        "--class_cond True | flag --class_cond is True, which contradicts the file, for which it must be False",
        "--use_scale_shift_norm no | flag --use_scale_shift_norm is no, which contradicts the file, for which it must be True",
        "--resblock_updown True | flag --resblock_updown is True, which contradicts the file, for which it must be False",
        "--image_size 64 | flag --image_size is 64, which contradicts the file, whose levels are 1,2,2,2 times 32 channels wide",
        "--channel_mult 1,2 | flag --channel_mult is 1,2, which contradicts the file, whose levels are 1,2,2,2 times 32",
        "--attention_resolutions 16 | flag --attention_resolutions is 16, which contradicts the file, which has attention at 16,8 of an image_size of 32",
        "--num_heads 3 | flag --num_heads is 3; allowed: a divisor of the widths that attention has, [64, 64, 64]",
        "--num_heads_upsample 0 | flag --num_heads_upsample is 0; allowed: a divisor",
        "--num_head_channels 24 | flag --num_head_channels is 24; allowed: a divisor",
        "--noise_schedule cosin | flag --noise_schedule is cosin; allowed: linear, cosine",
        "--diffusion_steps 20 | flag --diffusion_steps is 20; allowed: more than 20, with the linear noise_schedule",
        "--diffusion_steps 0 | flag --diffusion_steps is 0; allowed: a whole number above 0",
        "--learn_sigmas True | flag --learn_sigmas is unknown; did you mean --learn_sigma?",
        "--large_size 256 | flag --large_size is for networks that enlarge images",
        "--image_size 0 | model.size is 0"
      })
  void read_wrongFlag_isRefusedWithFlagAndFile(String flags, String message) throws IOException {
    Path file = OpenAiCase.of("improved").write(folder);

    assertThatThrownBy(() -> Families.read(file, Flags.parse(flags)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(file + ": " + message);
  }

  @Test
  void read_unusualWidthsWithoutSize_askForTheSize() throws IOException {
    Path file = OpenAiCase.of("legacy_order").write(folder);

    assertThatThrownBy(() -> Families.read(file, Flags.NONE))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("flag --image_size is missing; the file does not say it")
        .hasMessageContaining("1,2 times 32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "output_blocks\\..* | it holds a classifier (it has no output_blocks); allowed: a denoising network",
        "input_blocks\\.2\\..* | it has no tensors of input_blocks.2, as networks with conv_resample False",
        "out\\.2\\.weight | it lacks the tensor out.2.weight",
        "output_blocks\\.3\\..* | it has 4 input_blocks and 3 output_blocks, which fit no number of levels"
      })
  void read_missingTensors_areNamed(String left, String message) throws IOException {
    OpenAiCase given = OpenAiCase.of("legacy_order");
    Path file = given.write(folder, left);

    assertThatThrownBy(() -> Families.read(file, Flags.parse(given.flags())))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(file + ": " + message);
  }

  @Test
  void load_missingWeight_isNamed() throws IOException {
    OpenAiCase given = OpenAiCase.of("legacy_order");
    Path file = given.write(folder, "middle_block\\.2\\.in_layers\\.2\\.bias");
    ForeignModel model = Families.read(file, Flags.parse(given.flags()));

    assertThatThrownBy(model::load)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 missing parameters: mid_block.resnets.1.conv1.bias");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "middle_block.1.transformer_blocks.0.norm1.weight | 32 | its tensor middle_block.1.transformer_blocks.0.norm1.weight is none of OpenAI's UNetModel",
        "input_blocks.0.0.weight | 32,6,3,3 | its network makes 3 channels of 6, as those do that enlarge images",
        "out.2.weight | 5,32,3,3 | its network makes 5 channels of 3; allowed: as many, or twice as many",
        "label_emb.weight | '' | its tensor label_emb.weight is []"
      })
  void read_otherTensor_isRefusedByWhatItIs(String name, String shape, String message)
      throws IOException {
    OpenAiCase given = with("legacy_order", name, shape);
    Path file = given.write(folder);

    assertThatThrownBy(() -> Families.read(file, Flags.parse(given.flags())))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(file + ": " + message);
  }

  @ParameterizedTest
  @CsvSource({"'95,32,1'", "'3,32,1'", "''", "'0,32'"})
  void load_projectionThatIsNoTriple_isRefusedByName(String shape) throws IOException {
    OpenAiCase given = with("legacy_order", "input_blocks.1.1.qkv.weight", shape);
    ForeignModel model = Families.read(given.write(folder), Flags.parse(given.flags()));

    assertThatThrownBy(model::load)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("tensor input_blocks.1.1.qkv.weight is [");
  }

  private static OpenAiCase with(String name, String tensor, String shape) throws IOException {
    OpenAiCase given = OpenAiCase.of(name);
    Map<String, long[]> shapes = new LinkedHashMap<>(given.shapes());
    long[] extents =
        shape.isEmpty()
            ? new long[0]
            : Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
    shapes.put(tensor, extents);
    return new OpenAiCase(given.name(), given.flags(), shapes);
  }
}
