package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.Checkpoints;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and options are the same in every locale: with other digits, a comma, a dotless i. */
class LocaleTest {
  private static final ImageDataset IMAGES = TestExperiments.images(10);

  private final Locale usual = Locale.getDefault();

  @TempDir Path folder;

  @AfterEach
  void restore() {
    Locale.setDefault(usual);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "tr-TR", "de-DE"})
  void recipes_readAndWritten_areTheSame(String locale) throws IOException {
    List<String> options =
        List.of(
            "training.loss.timesteps=uniform",
            "data.onCorrupt=SKIP",
            "process.variance=beta-tilde");
    ExperimentConfig expected = Overrides.apply(TestExperiments.steps(12), options);
    String json = ConfigFiles.toJson(expected);
    String yaml = ConfigFiles.toYaml(expected);
    Locale.setDefault(Locale.forLanguageTag(locale));

    ExperimentConfig config = Overrides.apply(TestExperiments.steps(12), options);

    assertThat(config).isEqualTo(expected);
    assertThat(ConfigFiles.toJson(config)).isEqualTo(json);
    assertThat(ConfigFiles.toYaml(config)).isEqualTo(yaml);
    Path file = folder.resolve("RECIPE.JSON");
    ConfigFiles.write(file, config);
    assertThat(ConfigFiles.read(file)).isEqualTo(config);
    assertThat(Presets.all()).allSatisfy(preset -> assertThat(Presets.any(preset)).isNotNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "tr-TR", "de-DE"})
  void aRun_trainedAndResumed_writesTheSameFiles(String locale) throws IOException {
    Path plain = train(folder.resolve("plain"));
    Locale.setDefault(Locale.forLanguageTag(locale));
    Path other = train(folder.resolve("other"));

    assertThat(Checkpoints.of(other).latest()).contains(other.resolve("checkpoints/step-00000002"));
    assertThat(files(other.resolve("checkpoints"))).isEqualTo(files(plain.resolve("checkpoints")));
    assertThat(other.resolve("samples/step-00000002.png")).exists();
  }

  private static Path train(Path run) throws IOException {
    ExperimentConfig config = TestExperiments.steps(2);
    try (TrainingRun first = TrainingRun.start(config, IMAGES, run)) {
      first.train(() -> first.trainer().step() == 1, report -> {});
    }
    try (TrainingRun second = TrainingRun.resume(config, IMAGES, run)) {
      second.train(() -> false, report -> {});
      second.writeSamples();
    }
    return run;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "tr-TR", "de-DE"})
  void samples_written_areTheSame(String locale) throws IOException {
    Path plain = write(folder.resolve("plain"));
    Locale.setDefault(Locale.forLanguageTag(locale));

    assertThat(files(write(folder.resolve("other")))).isEqualTo(files(plain));
  }

  private static Path write(Path target) throws IOException {
    try (Scope scope = Scope.open()) {
      SavedSamples.to(target.resolve("images"))
          .write(Seed.of(0).uniform(3, 1, 4, 4).times(2).minus(1));
      SavedSamples.to(target.resolve("a.npy")).write(Seed.of(0).uniform(3, 1, 4, 4));
      SavedPoints.to(target.resolve("points.csv")).write(Seed.of(0).normal(5, 2));
    }
    return target;
  }

  /** The files below a folder as text, by their names. */
  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        files.put(
            folder.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }
}
