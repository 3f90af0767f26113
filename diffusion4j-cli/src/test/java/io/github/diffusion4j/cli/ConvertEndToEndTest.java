package io.github.diffusion4j.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertEndToEndTest {
  private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
  private static final String FLAGS = "--image_size 16 --channel_mult 1 --diffusion_steps 200";

  /** A file of OpenAI's code; see PROVENANCE.md beside it. */
  private static final String OPEN_AI =
      "../diffusion4j-core/src/test/resources/golden/openai/ema_0.9999_000100.pt";

  @TempDir private Path folder;

  private Path trained() {
    Path run = folder.resolve("run");
    List<String> line =
        new ArrayList<>(List.of("train", "--out=" + run, "--preset=digits-quickstart"));
    line.addAll(List.of("--max-steps=1", "--seed=3"));
    line.addAll(EndToEndTest.TINY);
    assertThat(Cli.run(line.toArray(String[]::new)).err()).isEmpty();
    return run;
  }

  @Test
  void convert_fileOfOpenAi_opensAndSamples() throws IOException {
    Path target = folder.resolve("new/converted");

    Cli result =
        Cli.run(
            "convert",
            "--from=" + OPEN_AI,
            "--to=" + target,
            "--flags=" + FLAGS + " --noise_schedule cosine --timestep_respacing 250");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("found             a checkpoint of OpenAI's improved-diffusion or guided")
        .contains("images            16 x 16, 3 channels")
        .contains("attention         heads of 8 channels")
        .contains("schedule          cosine")
        .contains("parameters        176,195")
        .contains("assumed, as the projects do without a flag: num_heads 4")
        .contains("left out, as these say nothing about the network: timestep_respacing")
        .contains("written           " + target + ", f32,")
        .contains("Python            opens it with diffusers:")
        .contains("    DDPMPipeline.from_pretrained(\"" + target + "\")(batch_size=1)");
    Path grid = folder.resolve("grid.png");
    assertThat(Cli.run("sample", "--model=" + target, "--steps=2", "--n=1", "--out=" + grid).err())
        .isEmpty();
    assertThat(grid).isNotEmptyFile();
  }

  @Test
  void convert_networkThatDiffusersLacks_saysSo() throws IOException {
    Path target = folder.resolve("converted");

    Cli result =
        Cli.run(
            "convert",
            "--from=" + OPEN_AI,
            "--to=" + target,
            "--flags=" + FLAGS + " --rescale_timesteps True");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("network           U-Net, unknown to diffusers")
        .contains("time              multiplied by 5.0")
        .contains("Python            cannot open it: diffusers has no such network. It opens here");
    assertThat(Cli.run("inspect", target.toString()).out()).contains("multiplied by 5.0");
  }

  @Test
  void convert_runDirectory_givesTheSameWeightsWithoutItsState() throws IOException {
    Path run = trained();
    Path target = Files.createDirectory(folder.resolve("empty"));

    Cli result = Cli.run("convert", "--from=" + run, "--to=" + target);

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("left out: the state of training");
    assertThat(target.resolve(WEIGHTS))
        .hasSameBinaryContentAs(run.resolve("checkpoints/step-00000001").resolve(WEIGHTS));
    assertThat(files(target))
        .containsExactly(
            "README.md",
            "model_index.json",
            "scheduler/scheduler_config.json",
            "unet/config.json",
            WEIGHTS);
  }

  @Test
  void convert_halfPrecision_roundsEachWeight() throws IOException {
    Path run = trained();
    Path exact = run.resolve("checkpoints/step-00000001");
    for (Map.Entry<String, DType> kind : Map.of("f16", DType.F16, "bf16", DType.BF16).entrySet()) {
      Path target = folder.resolve(kind.getKey());
      Cli result =
          Cli.run("convert", "--from=" + run, "--to=" + target, "--dtype=" + kind.getKey());

      assertThat(result.err()).isEmpty();
      try (Scope scope = Scope.open()) {
        Map<String, Tensor> written = Safetensors.read(target.resolve(WEIGHTS));
        Safetensors.read(exact.resolve(WEIGHTS))
            .forEach(
                (name, value) -> {
                  Tensor rounded = requireNonNull(written.get(name));
                  assertThat(rounded.type()).isEqualTo(kind.getValue());
                  assertThat(rounded.toDoubles()).isEqualTo(value.to(kind.getValue()).toDoubles());
                });
        DiffusersPipeline.read(target).load().close();
      }
    }
  }

  @Test
  void convert_wrongInput_writesNothing() throws IOException {
    Path target = folder.resolve("converted");
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.writeString(full.resolve("notes.txt"), "mine");
    String from = "--from=" + OPEN_AI;
    String flags = "--flags=" + FLAGS;

    refused("full is not empty (it holds notes.txt)", "convert", from, "--to=" + full, flags);
    refused("flag --image_size is missing", "convert", from, "--to=" + target);
    refused(
        "did you mean --num_channels?",
        "convert",
        from,
        "--to=" + target,
        flags + " --num_chanels 32");
    refused(
        "flag --num_channels is 64, which contradicts the file",
        "convert",
        from,
        "--to=" + target,
        flags + " --num_channels 64");
    refused("holds one set of weights only", "convert", from, "--to=" + target, flags, "--ema=use");
    refused("--dtype is f8", "convert", from, "--to=" + target, flags, "--dtype=f8");
    refused("full is no model", "convert", "--from=" + full, "--to=" + target);
    refused("does not exist", "convert", "--from=" + full.resolve("no"), "--to=" + target);
    refused("convert --from makes a folder", "sample", "--model=" + OPEN_AI, "--out=a.png");
    assertThat(files(folder)).containsExactly("full/notes.txt");
  }

  @Test
  void inspect_fileOfOpenAi_saysWhatItInfers() throws IOException {
    Cli told = Cli.run("inspect", OPEN_AI, "--flags=" + FLAGS);
    Cli untold = Cli.run("inspect", OPEN_AI);

    assertThat(told.err() + untold.err()).isEmpty();
    assertThat(told.out())
        .contains("project           OpenAI's improved-diffusion or guided-diffusion")
        .contains("widths            32", "images            16 x 16", "to sample         convert")
        .contains("176,195 in 88 tensors");
    assertThat(untold.out())
        .contains("project           OpenAI's")
        .contains("network           unknown: ", "flag --image_size is missing");
  }

  private static void refused(String message, String... arguments) {
    Cli result = Cli.run(arguments);
    assertThat(result.exitCode()).as(message).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains(message);
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
