package io.github.diffusion4j.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.LucidGeneration;
import io.github.diffusion4j.config.LucidLayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidLevelConfig.Attention;
import io.github.diffusion4j.config.LucidTimeFeatures;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.LucidUNetConfig.SelfConditioning;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.SigmoidSchedule;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LucidFamilyTest {
  private static final String OF_UNET = "--image_size 8 --objective pred_v --beta_schedule cosine";

  @TempDir Path folder;

  @Test
  void read_trainersFile_takesTheAverageAndInfersEverything() throws IOException {
    ForeignModel model = LucidGolden.PLAIN.model();

    assertThat(model.notes())
        .containsExactly("the averaged weights are taken (ema.ema_model.model.*)");
    assertThat(model.network())
        .isEqualTo(
            new LucidUNetConfig(
                3,
                8,
                4,
                Optional.empty(),
                List.of(
                    new LucidLevelConfig(1, Attention.LINEAR, 1, 6),
                    new LucidLevelConfig(2, Attention.FULL, 3, 4)),
                new LucidTimeFeatures.Sinusoidal(10_000),
                LucidLayerConfig.DEFAULT,
                SelfConditioning.NONE,
                Optional.empty()));
    assertThat(model.process().prediction()).isEqualTo(PredictionTarget.V);
    assertThat(model.process().variance()).isEqualTo(VarianceChoice.BETA_TILDE);
    assertThat(model.process().x0Range()).isEqualTo(ProcessConfig.X0Range.CLIP_TO_DATA);
    List<Double> betas = ((ScheduleConfig.Table) model.process().schedule()).betas();
    double[] sigmoid = SigmoidSchedule.of(50).betas();
    assertThat(betas).hasSize(50).last().isEqualTo(0.999);
    for (int t = 0; t < 49; t++) {
      assertThat(betas.get(t)).isCloseTo(sigmoid[t], within(2e-6));
    }
  }

  @Test
  void read_stateOfDiffusion_infersConditioningObjectiveAndSchedule() throws IOException {
    LucidUNetConfig self = (LucidUNetConfig) LucidGolden.SELF.model().network();
    ProcessConfig process = LucidGolden.SELF.model().process();
    LucidUNetConfig variance = (LucidUNetConfig) LucidGolden.VARIANCE.model().network();

    assertThat(self.selfConditioning()).isEqualTo(SelfConditioning.LAST_ESTIMATE);
    assertThat(self.channels()).isEqualTo(1);
    assertThat(self.time()).isEqualTo(new LucidTimeFeatures.Sinusoidal(5000));
    assertThat(process.schedule()).isEqualTo(new ScheduleConfig.Cosine(12));
    assertThat(process.prediction()).isEqualTo(PredictionTarget.X0);
    assertThat(variance.outputs()).isEqualTo(2);
    assertThat(LucidGolden.VARIANCE.model().process().variance())
        .isEqualTo(VarianceChoice.LEARNED_RANGE);
    assertThat(LucidGolden.VARIANCE.model().process().prediction())
        .isEqualTo(PredictionTarget.EPSILON);
    assertThat(LucidGolden.GROUPED.model().process().prediction())
        .isEqualTo(PredictionTarget.EPSILON);
  }

  @Test
  void read_formerReleases_areToldApart() throws IOException {
    assertThat(layers(LucidGolden.PLAIN).generation()).isEqualTo(LucidGeneration.ROOT_MEAN_SQUARE);
    assertThat(layers(LucidGolden.GROUPED))
        .isEqualTo(new LucidLayerConfig(LucidGeneration.GROUPED, 4, 4, 0));
    assertThat(layers(LucidGolden.PRENORM))
        .isEqualTo(new LucidLayerConfig(LucidGeneration.GROUPED, 4, 0, 0));
    assertThat(layers(LucidGolden.STANDARDIZED))
        .isEqualTo(new LucidLayerConfig(LucidGeneration.STANDARDIZED, 2, 0, 0));
  }

  @Test
  void read_networkAlone_asksForItsProcess() throws IOException {
    ForeignModel model = LucidGolden.OPTIONS.model();
    LucidUNetConfig network = (LucidUNetConfig) model.network();

    assertThat(network.time()).isEqualTo(new LucidTimeFeatures.Fourier(6));
    assertThat(model.notes()).anyMatch(note -> note.contains("not noise levels"));
    assertThat(network.widths()).containsExactly(6, 4, 8, 12);
    assertThat(network.levels())
        .extracting(LucidLevelConfig::attention)
        .containsExactly(Attention.FULL, Attention.LINEAR, Attention.LINEAR);
    assertThat(model.process().prediction()).isEqualTo(PredictionTarget.X0);
    Path file = LucidGolden.OPTIONS.file();
    refused(file, "--image_size 8", "add --beta_schedule linear, cosine or sigmoid");
    refused(file, "--image_size 8 --beta_schedule cosine", "add --objective pred_noise");
    refused(file, OF_UNET.replace("cosine", "square"), "flag --beta_schedule is square; allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "linear, 1000, 0.0001, 0.02",
    "sigmoid, 1000, 0.0003, 0.999",
    "linear, 500, 0.0002, 0.04"
  })
  void read_networkAloneWithSchedule_hasItsBetas(
      String schedule, int steps, double first, double last) throws IOException {
    String flags =
        "--image_size 8 --objective pred_v --beta_schedule %s --timesteps %d"
            .formatted(schedule, steps);
    ForeignModel model = Families.read(LucidGolden.OPTIONS.file(), Flags.parse(flags));

    List<Double> betas = ((ScheduleConfig.Table) model.process().schedule()).betas();
    assertThat(betas).hasSize(steps);
    assertThat(betas.get(0)).isCloseTo(first, within(0.01 * first));
    assertThat(betas.get(steps - 1)).isCloseTo(last, within(1e-9));
  }

  @Test
  void read_wrongFlags_areRefusedByName() {
    Path plain = LucidGolden.PLAIN.file();

    refused(plain, "", "the size of the images is not in the file");
    refused(plain, "--image_sise 8", "did you mean --image_size?");
    refused(plain, "--image_size 7", "model.size is 7; allowed: a multiple of 2^(levels − 1) = 2");
    refused(
        plain, "--image_size 8 --objective pred_x0", "what loss_weight in the file is for, pred_v");
    refused(plain, "--image_size 8 --objective x", "allowed: pred_noise, pred_x0, pred_v");
    refused(plain, "--image_size 8 --timesteps 9", "are for files without betas; this one has 50");
    refused(plain, "--image_size 8 --attn_heads 7", "attention of level 0 has 1 heads");
    refused(plain, "--image_size 8 --attn_heads 1,2,3", "one number, or 2, one for each level");
    refused(plain, "--image_size 8 --channels 2", "the network takes 3 channels");
    refused(plain, "--image_size 8 --auto_normalize False", "images are in [-1, 1] here");
    refused(LucidGolden.PRENORM.file(), "--image_size 8", "model.layers.groups is 8");
    refused(
        LucidGolden.PRENORM.file(), "--image_size 8 --version 1.7.2", "release 1.7.2 was replaced");
    refused(LucidGolden.PRENORM.file(), "--image_size 8 --version new", "version is new");
  }

  @Test
  void read_headsThatAreNowhere_areAskedFor() throws IOException {
    Path file = changed(LucidGolden.STANDARDIZED, this::withNarrowMiddle);

    refused(file, "--image_size 8 --resnet_block_groups 2", "add --attn_heads to the flags");
    LucidUNetConfig config =
        (LucidUNetConfig)
            Families.read(
                    file, Flags.parse("--image_size 8 --resnet_block_groups 2 --attn_dim_head 16"))
                .network();
    assertThat(config.levels().get(0).heads()).isEqualTo(8);
    assertThat(config.levels().get(1).heads()).isEqualTo(4);
  }

  private void withNarrowMiddle(Map<String, Tensor> tensors) {
    tensors.put("model.downs.1.2.fn.fn.to_qkv.weight", Tensor.zeros(3 * 64, 4, 1, 1));
  }

  @Test
  void read_fileWithoutRelease_isTakenForAnOldOneAndSaysSo() throws IOException {
    Path file = changed(LucidGolden.PRENORM, tensors -> {});
    String flags = "--image_size 8 --resnet_block_groups 4";

    ForeignModel assumed = Families.read(file, Flags.parse(flags));
    ForeignModel told = Families.read(file, Flags.parse(flags + " --version 1.7.6"));

    assertThat(assumed.notes()).anyMatch(note -> note.contains("names no release"));
    assertThat(generation(assumed)).isEqualTo(LucidGeneration.STANDARDIZED);
    assertThat(generation(told)).isEqualTo(LucidGeneration.GROUPED);
    assertThat(told.notes())
        .containsExactly("the weights are taken as trained; there is no average (model.*)");
  }

  @Test
  void read_otherNetworks_areRefusedByName() throws IOException {
    String flags = "--image_size 8";
    refused(
        changed(LucidGolden.PLAIN, t -> t.put("model.null_classes_emb", Tensor.zeros(4))),
        flags,
        "model.null_classes_emb is unknown; allowed: the tensors of Unet, without labels");
    refused(
        changed(LucidGolden.PLAIN, t -> t.put("model.init_conv.weight", Tensor.zeros(4, 3, 7))),
        flags,
        "init_conv.weight is [4, 3, 7]; allowed: [O, I, 7, 7]");
    refused(
        changed(LucidGolden.PRENORM, t -> t.put("model.downs.0.2.fn.norm.b", Tensor.zeros(4))),
        flags,
        "its norms have a shift, as before release 0.26.5");
    refused(
        changed(
            LucidGolden.PRENORM,
            t -> {
              t.remove("model.downs.0.3.1.weight");
              t.put("model.downs.0.3.weight", Tensor.zeros(4, 4, 4, 4));
            }),
        flags,
        "it halves images with 4x4 convolutions, as before release 0.32");
    refused(
        changed(LucidGolden.PLAIN, LucidFamilyTest::asElucidated),
        flags,
        "the network is that of ElucidatedDiffusion, as net.* says; allowed: GaussianDiffusion");
    refused(
        changed(LucidGolden.PLAIN, t -> t.remove("model.final_conv.weight")),
        flags,
        "final_conv.weight is missing");
    refused(
        changed(LucidGolden.PLAIN, t -> t.put("model.downs.1.3.weight", Tensor.zeros(7, 4, 3, 3))),
        flags,
        "downs.1.3 leads to 7 channels; allowed: multiples of 4");
  }

  @Test
  void load_ofIncompleteNetwork_saysWhatIsMissing() throws IOException {
    Path file = changed(LucidGolden.PLAIN, t -> t.remove("model.mid_block1.block1.proj.weight"));

    assertThatThrownBy(() -> Families.read(file, Flags.parse("--image_size 8")).load())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 missing parameters: mid_block1.block1.proj.weight");
  }

  private static void asElucidated(Map<String, Tensor> tensors) {
    for (String name : List.copyOf(tensors.keySet())) {
      Tensor value = tensors.remove(name);
      if (name.startsWith("model.")) {
        tensors.put(name.replaceFirst("model", "net"), value);
      }
    }
  }

  private static LucidLayerConfig layers(LucidGolden golden) throws IOException {
    return ((LucidUNetConfig) golden.model().network()).layers();
  }

  private static LucidGeneration generation(ForeignModel model) {
    return ((LucidUNetConfig) model.network()).layers().generation();
  }

  private static void refused(Path file, String flags, String message) {
    assertThatThrownBy(() -> Families.read(file, Flags.parse(flags)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  /** Writes the averaged state of a golden file, changed, as safetensors. */
  private Path changed(LucidGolden golden, Consumer<Map<String, Tensor>> change)
      throws IOException {
    String prefix = "ema.ema_model.";
    TensorFile file = TensorFile.open(golden.file());
    Path changed = folder.resolve("changed.safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      file.read(file.tensors().keySet().stream().filter(n -> n.startsWith(prefix)).toList())
          .forEach((name, value) -> tensors.put(name.substring(prefix.length()), value));
      change.accept(tensors);
      Safetensors.write(changed, tensors, Map.of());
    }
    return changed;
  }
}
