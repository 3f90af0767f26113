package io.github.diffusion4j;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.ModelConversion.Precision;
import io.github.diffusion4j.checkpoint.Average;
import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.foreign.Flags;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelConversionTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/unet");
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  @TempDir Path folder;

  @Test
  void write_flatFolderWithOldNames_isTheNestedOneWithNewNames() throws IOException {
    Path target = folder.resolve("converted");
    ModelConversion conversion = open(GOLDEN.resolve("tiny_oldkeys"), Optional.empty());

    assertThat(conversion.write(target, Precision.F32)).isEqualTo(11_767);
    assertThat(conversion.python(target))
        .hasValueSatisfying(lines -> assertThat(lines).contains("" + target));
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> expected = Safetensors.read(GOLDEN.resolve("tiny").resolve(WEIGHTS));
      Map<String, Tensor> written = Safetensors.read(target.resolve("unet").resolve(WEIGHTS));
      assertThat(written.keySet()).isEqualTo(expected.keySet());
      written.forEach(
          (name, value) ->
              assertThat(value.toDoubles())
                  .isEqualTo(requireNonNull(expected.get(name)).toDoubles()));
    }
  }

  @Test
  void open_checkpointWithAverage_takesTheOneAskedFor() throws IOException {
    Path checkpoint = folder.resolve("checkpoint-500");
    networkFolder(checkpoint.resolve("unet"), 1);
    networkFolder(checkpoint.resolve("unet_ema"), 2);

    assertThat(firstWeight(checkpoint, Optional.empty())).as("as it is opened").isEqualTo(2);
    assertThat(firstWeight(checkpoint, Optional.of(Average.USE))).isEqualTo(2);
    assertThat(firstWeight(checkpoint, Optional.of(Average.SKIP))).isEqualTo(1);
    assertThatThrownBy(() -> open(GOLDEN.resolve("tiny"), Optional.of(Average.SKIP)))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith("holds one network only; allowed: unet beside unet_ema");
  }

  @Test
  void write_folderWithACard_takesTheCardAlong() throws IOException {
    Path source = folder.resolve("source");
    networkFolder(source.resolve("unet"), 1);
    Files.writeString(source.resolve("README.md"), "# A model");

    open(source, Optional.empty()).write(folder.resolve("target"), Precision.F32);

    assertThat(folder.resolve("target/README.md")).hasContent("# A model");
  }

  /** A page that is published says nothing of where on this disk the model was. */
  @Test
  void write_folderWithoutACard_writesOneOfWhatIsKnown() throws IOException {
    Path source = folder.resolve("source");
    networkFolder(source.resolve("unet"), 1);

    open(source, Optional.empty()).write(folder.resolve("target"), Precision.F32);

    assertThat(folder.resolve("target/README.md"))
        .content()
        .startsWith("---\nlicense: unknown\n")
        .contains(
            "# source\n", "Converted with diffusion4j from a folder of Hugging Face diffusers")
        .contains("./diffusion4j sample --model FOLDER", "from diffusers import")
        .contains("| `process.prediction` | \"epsilon\" |")
        .doesNotContain(folder.toString());
  }

  @Test
  void open_flagsForAFolder_areRefused() {
    assertThatThrownBy(
            () ->
                ModelConversion.open(
                    GOLDEN.resolve("tiny"), Flags.parse("--image_size 8"), Optional.empty()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is a folder; flags are for files only");
  }

  @Test
  void write_weightTooLargeForHalf_isRefusedAndNothingIsWritten() throws IOException {
    Path source = folder.resolve("source");
    networkFolder(source.resolve("unet"), 70_000);
    ModelConversion conversion = open(source, Optional.empty());
    Path target = folder.resolve("converted");

    assertThatThrownBy(() -> conversion.write(target, Precision.F16))
        .isInstanceOf(UserException.class)
        .hasMessage("conv_in.bias holds 70000.0, too large for f16; allowed: f32, bf16");
    assertThat(children()).containsExactly("source");
    conversion.write(target, Precision.BF16);
    assertThat(children()).containsExactly("converted", "source");
  }

  @Test
  void write_overSomething_isRefusedBeforeReading() throws IOException {
    ModelConversion conversion = open(GOLDEN.resolve("tiny"), Optional.empty());
    Path file = Files.writeString(folder.resolve("file"), "mine");

    assertThatThrownBy(() -> conversion.write(file, Precision.F32))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith("file is a file; allowed: a new folder");
    assertThatThrownBy(() -> conversion.write(folder, Precision.F32))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is not empty (it holds file); allowed: a new folder");
    assertThat(file).hasContent("mine");
  }

  private static ModelConversion open(Path path, Optional<Average> average) throws IOException {
    return ModelConversion.open(path, Flags.NONE, average);
  }

  /** Writes the tiny network, all numbers of its first bias being {@code value}. */
  private static void networkFolder(Path target, double value) throws IOException {
    Files.createDirectories(target);
    Files.copy(GOLDEN.resolve("tiny/config.json"), target.resolve("config.json"));
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights =
          new LinkedHashMap<>(Safetensors.read(GOLDEN.resolve("tiny").resolve(WEIGHTS)));
      weights.put("conv_in.bias", Tensor.full(value, 4));
      Safetensors.write(target.resolve(WEIGHTS), weights, Map.of());
    }
  }

  private double firstWeight(Path checkpoint, Optional<Average> average) throws IOException {
    Path target = Files.createTempDirectory(folder, "converted");
    open(checkpoint, average).write(target, Precision.F32);
    try (Scope scope = Scope.open()) {
      return requireNonNull(DiffusersPipeline.read(target).weights().get("conv_in.bias"))
          .toDoubles()[0];
    }
  }

  private Stream<String> children() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.map(child -> child.getFileName().toString()).sorted().toList().stream();
    }
  }
}
