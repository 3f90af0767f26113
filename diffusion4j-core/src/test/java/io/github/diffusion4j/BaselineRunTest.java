package io.github.diffusion4j;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.baseline.Baseline;
import io.github.diffusion4j.baseline.TestFamilies;
import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.VaeConfig;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.RunDirectory;
import io.github.diffusion4j.training.StepReport;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaselineRunTest {
  private static final ImageDataset IMAGES = TestExperiments.images(10);
  private static final int STEPS = 6;

  @TempDir Path folder;

  static List<FamilyConfig> families() {
    return TestFamilies.all();
  }

  @ParameterizedTest
  @MethodSource("families")
  void resume_afterHalfTheSteps_writesTheSameBytesAsOneGo(FamilyConfig family) throws IOException {
    BaselineConfig config = TestFamilies.steps(family, STEPS);
    Path straight = folder.resolve("straight");
    try (BaselineRun run = BaselineRun.start(config, IMAGES, straight)) {
      run.train(() -> false, report -> {});
    }
    Path halves = folder.resolve("halves");
    try (BaselineRun first = BaselineRun.start(config, IMAGES, halves)) {
      first.train(() -> first.trainer().step() == STEPS / 2, report -> {});
    }
    try (BaselineRun second = BaselineRun.resume(config, IMAGES, halves)) {
      assertThat(second.trainer().step()).isEqualTo(STEPS / 2);
      second.train(() -> false, report -> {});
    }

    assertThat(bytes(halves)).usingRecursiveComparison().isEqualTo(bytes(straight));
    assertThat(new RunDirectory(halves).logged())
        .extracting(StepReport::step)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  private static Map<String, byte[]> bytes(Path run) throws IOException {
    Path checkpoint = run.resolve("checkpoints/step-00000006");
    Map<String, byte[]> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(checkpoint)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes.put(checkpoint.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    assertThat(bytes)
        .containsOnlyKeys(
            "README.md",
            "model_index.json",
            "network/config.json",
            "network/diffusion_pytorch_model.safetensors",
            "training_state.json",
            "training_state.safetensors");
    return bytes;
  }

  /** What is on the disk draws what the run draws, and the log has the parts of the loss. */
  @ParameterizedTest
  @MethodSource("families")
  void train_ofAFamily_writesAModelThatOpens(FamilyConfig family) throws IOException {
    try (BaselineRun run = BaselineRun.start(TestFamilies.steps(family, 2), IMAGES, folder);
        Scope scope = Scope.open()) {
      run.train(() -> false, report -> {});
      assertThat(run.writeSamples()).isNotEmptyFile();
      try (Baseline read = Baseline.open(run.saveCheckpoint())) {
        assertNumbers(read.draw(0, 3, Seed.of(1)).toFloats())
            .areEqualTo(run.model().draw(0, 3, Seed.of(1)).toFloats());
      }
    }

    StepReport last = new RunDirectory(folder).logged().get(1);
    assertThat(last.terms().keySet())
        .containsExactlyElementsOf(
            switch (family.word()) {
              case "vae" -> List.of("bound", "pixels", "kl0");
              case "hvae" -> List.of("bound", "pixels", "kl0", "kl1", "kl2", "kl3");
              default -> List.of("discriminator", "squaredSlope");
            });
  }

  /** A small set is learned by heart: the bound falls by much. */
  @ParameterizedTest
  @MethodSource("autoencoders")
  void train_someHundredSteps_lowersTheBound(FamilyConfig family) throws IOException {
    List<Double> bounds = new ArrayList<>();
    try (BaselineRun run = BaselineRun.start(TestFamilies.steps(family, 150), IMAGES, folder)) {
      run.train(
          () -> false,
          report -> {
            Double bound = report.terms().get("bound");
            bounds.add(bound == null ? Double.NaN : bound);
          });
    }

    assertThat(mean(bounds.subList(140, 150))).isLessThan(mean(bounds.subList(0, 10)) - 1);
  }

  static List<FamilyConfig> autoencoders() {
    return List.of(TestFamilies.VAE, TestFamilies.HVAE);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Test
  void train_manySteps_keepsNoNativeObjects() throws IOException {
    for (FamilyConfig family : families()) {
      List<Long> alive = new ArrayList<>();
      try (BaselineRun run =
          BaselineRun.start(
              TestFamilies.steps(family, 40), IMAGES, folder.resolve(family.word()))) {
        run.train(() -> false, report -> alive.add(Scope.liveObjects()));
      }

      assertThat(alive.get(39)).as(family.word()).isEqualTo(alive.get(19));
    }
  }

  @Test
  void start_imagesOfAnotherShape_areRefusedBeforeAnythingIsWritten() {
    Path run = folder.resolve("run");
    BaselineConfig larger = TestFamilies.steps(new VaeConfig(1, 12, List.of(8), 2, 0), 1);

    assertThatThrownBy(() -> BaselineRun.start(larger, IMAGES, run))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "the images are [1, 8, 8]; the model takes [1, 12, 12], as family.channels and"
                + " family.size say");
    assertThat(run).doesNotExist();
  }

  @Test
  void resume_otherNetwork_isRefused() throws IOException {
    try (BaselineRun run =
        BaselineRun.start(TestFamilies.steps(TestFamilies.VAE, 1), IMAGES, folder)) {
      run.train(() -> false, report -> {});
    }

    assertThatThrownBy(
            () -> BaselineRun.resume(TestFamilies.steps(TestFamilies.GAN, 2), IMAGES, folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("family.kind");
  }
}
