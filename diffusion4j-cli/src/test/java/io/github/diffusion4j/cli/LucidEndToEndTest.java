package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidTimeFeatures;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder with the U-Net of lucidrains on the command line. */
class LucidEndToEndTest {
  private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";

  /** A file of lucidrains' code; see PROVENANCE.md beside it. */
  private static final String FILE = "../diffusion4j-core/src/test/resources/golden/lucid/plain.pt";

  @TempDir Path folder;

  private Path model = Path.of(".");

  @BeforeEach
  void write() throws IOException {
    model = folder.resolve("model");
    LucidUNetConfig config =
        new LucidUNetConfig(
            1,
            8,
            4,
            Optional.empty(),
            List.of(new LucidLevelConfig(1, LucidLevelConfig.Attention.LINEAR, 1, 4)),
            new LucidTimeFeatures.Sinusoidal(10_000),
            LucidLayerConfig.DEFAULT,
            LucidUNetConfig.SelfConditioning.LAST_ESTIMATE,
            Optional.empty());
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.Cosine(20),
            ProcessConfig.PredictionTarget.V,
            ProcessConfig.VarianceChoice.BETA_TILDE,
            ProcessConfig.X0Range.CLIP_TO_DATA);
    try (Network network = Network.of(config, Seed.of(0))) {
      DiffusersPipeline.write(model, config, process, network.parameters());
    }
  }

  @Test
  void sample_asTheFolderSaysAndOtherwise_drawsImages() {
    for (List<String> options :
        List.of(List.of("--steps=4"), List.of("--sampler=heun", "--steps=3"))) {
      Path out = folder.resolve("samples" + options.size() + ".png");
      List<String> line = new ArrayList<>(List.of("sample", "--model=" + model, "--n=2"));
      line.addAll(options);
      line.add("--out=" + out);

      assertThat(Cli.run(line.toArray(String[]::new)).exitCode()).isZero();
      assertThat(out).isNotEmptyFile();
    }
  }

  @Test
  void inspect_describesTheNetwork() {
    Cli inspect = Cli.run("inspect", model.toString());

    assertThat(inspect.exitCode()).isZero();
    assertThat(inspect.out())
        .contains("lucidrains", "8 x 8, 1 channel", "linear", "root-mean-square", "last-estimate");
  }

  @Test
  void convert_fileOfTheTrainer_takesTheWeightsAskedForAndSamples() throws IOException {
    Path average = folder.resolve("average");
    Path last = folder.resolve("last");
    String flags = "--flags=--image_size 8";

    Cli usual = Cli.run("convert", "--from=" + FILE, "--to=" + average, flags);
    Cli other = Cli.run("convert", "--from=" + FILE, "--to=" + last, flags, "--ema=skip");

    assertThat(usual.err() + other.err()).isEmpty();
    assertThat(usual.out())
        .contains("found             a checkpoint of lucidrains' denoising-diffusion-pytorch")
        .contains("attention         linear with 1 heads of 6, full with 3 heads of 4")
        .contains("schedule          a table of betas", "prediction        v")
        .contains("note              the averaged weights are taken (ema.ema_model.model.*)")
        .contains("Python            cannot open it");
    assertThat(other.out()).contains("taken as trained");
    assertThat(average.resolve(WEIGHTS)).isNotEmptyFile();
    assertThat(last.resolve(WEIGHTS)).isNotEmptyFile();
    assertThat(Files.mismatch(average.resolve(WEIGHTS), last.resolve(WEIGHTS))).isNotNegative();
    Path out = folder.resolve("converted.png");
    assertThat(Cli.run("sample", "--model=" + average, "--steps=3", "--out=" + out).err())
        .isEmpty();
    assertThat(out).isNotEmptyFile();
  }

  @Test
  void inspect_fileOfTheTrainer_saysWhatItInfersOrNeeds() {
    assertThat(Cli.run("inspect", FILE, "--flags=--image_size 8").out())
        .contains("8 x 8, 3 channels", "root-mean-square");
    assertThat(Cli.run("inspect", FILE).out())
        .contains("the size of the images is not in the file");
  }

  @Test
  void onnx_isRefusedInOneLine() {
    Path file = folder.resolve("net.onnx");
    Cli export = Cli.run("export", "--model=" + model, "--out=" + file);
    Cli sample =
        Cli.run("sample", "--model=" + model, "--engine=onnx", "--out=" + folder.resolve("a.png"));

    assertThat(List.of(export.exitCode(), sample.exitCode())).containsOnly(2);
    assertThat(export.err())
        .contains("is a model with the U-Net of lucidrains; allowed for onnx")
        .hasLineCount(1);
    assertThat(sample.err())
        .contains("--engine is onnx; allowed for models with the U-Net of lucidrains: torch")
        .hasLineCount(1);
    assertThat(file).doesNotExist();
  }
}
