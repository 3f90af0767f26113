package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of a folder's weights; the torch files are those of golden/weights/PROVENANCE.md. */
class WeightFilesTest {
  private static final String STEM = "diffusion_pytorch_model";

  @TempDir Path folder;
  private Scope scope;
  private Map<String, Tensor> tiny;

  @BeforeEach
  void open() throws IOException {
    scope = Scope.open();
    tiny = DiffusersPipeline.read(DiffusersPipelineTest.golden("tiny")).weights();
    Files.copy(
        DiffusersPipelineTest.golden("tiny").resolve("config.json"), folder.resolve("config.json"));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({
    "diffusion_pytorch_model.bin, diffusion_pytorch_model.bin, F32",
    "diffusion_pytorch_model.bin, diffusion_pytorch_model.pt, F32",
    "diffusion_pytorch_model.fp16.bin, diffusion_pytorch_model.fp16.bin, F16",
    "diffusion_pytorch_model.bf16.bin, diffusion_pytorch_model.bin, BF16"
  })
  void weights_fileOfTorch_areThoseOfSafetensors(String source, String name, DType type)
      throws Exception {
    Files.copy(
        Path.of(requireNonNull(getClass().getResource("/golden/weights/" + source)).toURI()),
        folder.resolve(name));

    assertWeights(folder, type);
  }

  @ParameterizedTest
  @CsvSource({
    "diffusion_pytorch_model.fp16.safetensors, F16",
    "diffusion_pytorch_model.bf16.safetensors, BF16",
    "diffusion_pytorch_model.safetensors, F64"
  })
  void weights_otherPrecision_becomeF32(String name, DType type) throws IOException {
    Safetensors.write(folder.resolve(name), as(type), Map.of());

    assertWeights(folder, type);
  }

  @Test
  void weights_severalSafetensorsWithIndex_areAllThere() throws IOException {
    writeShards(STEM + ".safetensors.index.json", STEM + "-%05d-of-00003.safetensors");

    assertWeights(folder, DType.F32);
    assertThat(DiffusersPipeline.read(folder).weightsFile())
        .hasFileName(STEM + ".safetensors.index.json");
    assertThat(WeightFiles.forms(WeightFiles.find(folder))).hasSameSizeAs(tiny);
  }

  @Test
  void weights_severalFilesOfAVariant_areAllThere() throws IOException {
    writeShards(STEM + ".safetensors.index.fp16.json", STEM + ".fp16-%05d-of-00003.safetensors");

    assertWeights(folder, DType.F32);
  }

  @Test
  void find_fullPrecisionAndVariant_takesFullPrecision() throws IOException {
    Safetensors.write(folder.resolve(STEM + ".fp16.safetensors"), as(DType.F16), Map.of());
    Safetensors.write(folder.resolve(STEM + ".safetensors"), tiny, Map.of());

    assertThat(WeightFiles.find(folder)).hasFileName(STEM + ".safetensors");
  }

  @Test
  void find_safetensorsAndTorch_takesSafetensors() throws IOException {
    Files.createFile(folder.resolve(STEM + ".bin"));
    Files.createFile(folder.resolve(STEM + ".safetensors"));

    assertThat(WeightFiles.find(folder)).hasFileName(STEM + ".safetensors");
  }

  @Test
  void find_twoVariantsOnly_namesThem() throws IOException {
    Files.createFile(folder.resolve(STEM + ".fp16.safetensors"));
    Files.createFile(folder.resolve(STEM + ".bf16.bin"));

    assertThatThrownBy(() -> WeightFiles.find(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("only in variants, bf16, fp16");
  }

  @Test
  void find_shardsWithoutIndex_asksForTheIndex() throws IOException {
    Files.createFile(folder.resolve(STEM + "-00001-of-00002.safetensors"));

    assertThatThrownBy(() -> WeightFiles.find(folder))
        .isInstanceOf(UserException.class)
        .hasMessage(folder + " has no " + STEM + ".safetensors.index.json");
  }

  @Test
  void read_checkpointOfTrainingInPython_takesTheAveragedNetwork() throws IOException {
    copyTiny("unet");
    copyTiny("unet_ema");
    Files.delete(folder.resolve("config.json"));

    assertThat(DiffusersPipeline.read(folder).weightsFile().getParent())
        .isEqualTo(folder.resolve("unet_ema"));
    assertThat(ModelSource.resolve(folder)).isEqualTo(folder);
  }

  @Test
  void read_pipelineWithIndex_takesTheNetworkThatItNames() throws IOException {
    copyTiny("unet");
    copyTiny("unet_ema");
    Path scheduler = Files.createDirectory(folder.resolve("scheduler"));
    Files.writeString(scheduler.resolve("scheduler_config.json"), "{}");
    Files.writeString(folder.resolve("model_index.json"), "{}");

    assertThat(DiffusersPipeline.read(folder).weightsFile().getParent())
        .isEqualTo(folder.resolve("unet"));
  }

  @Test
  void load_writtenNetwork_isTheSameBitForBit() throws IOException {
    DiffusersPipeline shape = DiffusersPipeline.read(DiffusersPipelineTest.golden("classcond28"));
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    try (UNet unet = new UNet((UNetConfig) shape.network(), Seed.of(5))) {
      Map<String, Tensor> odd = new LinkedHashMap<>(unet.parameters());
      odd.put(
          "conv_out.bias",
          Tensor.of(new float[] {Float.MIN_VALUE}, 1)); // a subnormal survives only a plain copy
      DiffusersPipeline.write(first, shape.network(), shape.process(), odd);
      DiffusersPipeline read = DiffusersPipeline.read(first);
      DiffusersPipeline.write(second, read.network(), read.process(), read.weights());

      assertThat(read.network()).isEqualTo(shape.network());
      assertThat(read.process()).isEqualTo(shape.process());
      Map<String, Tensor> weights = read.weights();
      odd.forEach(
          (name, value) ->
              assertThat(requireNonNull(weights.get(name)).toBytes())
                  .as(name)
                  .isEqualTo(value.toBytes()));
    }
    for (String file :
        List.of(
            "model_index.json",
            "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors",
            "scheduler/scheduler_config.json")) {
      assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
    }
  }

  private void assertWeights(Path place, DType storedAs) throws IOException {
    Map<String, Tensor> read = DiffusersPipeline.read(place).weights();

    assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(tiny.keySet());
    tiny.forEach(
        (name, value) -> {
          Tensor weight = requireNonNull(read.get(name));
          assertThat(weight.type()).isEqualTo(DType.F32);
          assertThat(weight.shape()).isEqualTo(value.shape());
          assertThat(weight.toBytes())
              .as(name)
              .isEqualTo(value.to(storedAs).to(DType.F32).toBytes());
        });
  }

  private Map<String, Tensor> as(DType type) {
    Map<String, Tensor> converted = new LinkedHashMap<>();
    tiny.forEach((name, value) -> converted.put(name, value.to(type)));
    return converted;
  }

  private void writeShards(String index, String form) throws IOException {
    List<String> names = new ArrayList<>(tiny.keySet());
    StringBuilder map = new StringBuilder();
    for (int shard = 1; shard <= 3; shard++) {
      Map<String, Tensor> part = new LinkedHashMap<>();
      for (int i = shard - 1; i < names.size(); i += 3) {
        part.put(names.get(i), requireNonNull(tiny.get(names.get(i))));
        map.append(map.isEmpty() ? "" : ",")
            .append("\"%s\":\"%s\"".formatted(names.get(i), form.formatted(shard)));
      }
      Safetensors.write(folder.resolve(form.formatted(shard)), part, Map.of("format", "pt"));
    }
    Files.writeString(
        folder.resolve(index),
        "{\"metadata\":{\"total_size\":47068},\"weight_map\":{%s}}".formatted(map));
  }

  private void copyTiny(String name) throws IOException {
    Path target = Files.createDirectory(folder.resolve(name));
    for (String file : List.of("config.json", STEM + ".safetensors")) {
      Files.copy(DiffusersPipelineTest.golden("tiny").resolve(file), target.resolve(file));
    }
  }
}
