package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.ModelCard.Measurement;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ModelCardTest {
  private static final ExperimentConfig DIGITS = Presets.load("digits-quickstart");

  private static String text(ExperimentConfig config, Measurement... measurements) {
    TrainingState.Progress progress = new TrainingState.Progress(2120, 135_680, 300);
    return new ModelCard(config, progress, 619_697, "digits-10000", List.of(measurements)).text();
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  @Test
  void text_headerIsYamlThatTheHubReads() {
    JsonNode header = new YAMLMapper().readTree(between(text(DIGITS), "---\n", "---\n"));

    assertThat(header.path("license").stringValue()).isEqualTo("unknown");
    assertThat(header.path("library_name").stringValue()).isEqualTo("diffusers");
    assertThat(header.path("pipeline_tag").stringValue())
        .isEqualTo("unconditional-image-generation");
    assertThat(header.path("datasets").path(0).stringValue()).isEqualTo("ylecun/mnist");
  }

  @Test
  void text_dataOfOnesOwn_namesNoPublishedDataset() {
    ExperimentConfig own = Overrides.apply(DIGITS, List.of("data.source=faces|2024"));

    assertThat(text(own)).doesNotContain("datasets:").contains("images (`faces|2024`) of 28 x 28");
  }

  @Test
  void text_recipe_isTheWholeConfiguration() {
    String json = between(text(DIGITS), "```json\n", "```");

    assertThat(ConfigFiles.fromJson(json, "card")).isEqualTo(DIGITS);
  }

  @Test
  void text_facts_areThoseOfTheRun() {
    assertThat(text(DIGITS))
        .contains("| parameters | 619,697 |")
        .contains("| trained for | 2,120 steps, 135,680 samples seen |")
        .contains("| time | 5.0 minutes |")
        .contains("| `process.schedule.kind` | \"cosine\" |")
        .contains("`digits-10000`");
  }

  @Test
  void text_budgetOfSteps_doesNotSayHowLongItTook() {
    ExperimentConfig bySteps =
        Overrides.apply(
            DIGITS, List.of("training.budget.maxMinutes=none", "training.budget.maxSteps=9"));

    assertThat(text(bySteps)).doesNotContain("minutes |");
  }

  @Test
  void text_measurements_areATable() {
    assertThat(text(DIGITS)).contains("How good it is has not been measured.");
    assertThat(text(DIGITS, new Measurement("FD-digits, 512 samples", "13.9 | floor 6.6")))
        .contains("| FD-digits, 512 samples | 13.9 \\| floor 6.6 |")
        .doesNotContain("has not been measured");
  }

  @Test
  void text_classes_showsTheLoopThatPythonNeeds() {
    ExperimentConfig conditional = Overrides.apply(DIGITS, List.of("model.classes=10"));

    assertThat(text(DIGITS))
        .contains("DDPMPipeline.from_pretrained")
        .doesNotContain("class_labels");
    assertThat(text(conditional)).contains("class_labels=").doesNotContain("DDPMPipeline");
  }

  @Test
  void text_points_promiseNothingToPython() {
    assertThat(text(Presets.load("toy2d")))
        .contains("library_name: diffusion4j\n", "points in the plane")
        .doesNotContain("pipeline_tag", "```python");
  }

  @Test
  void write_replacesThePageThatIsThere(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("README.md"), "old");
    TrainingState.Progress progress = new TrainingState.Progress(1, 64, 0.1);

    new ModelCard(DIGITS, progress, 5, "d", List.of()).write(folder);

    assertThat(folder.resolve("README.md")).content().startsWith("---\n").contains("| parameters");
    assertThat(folder.toFile().list()).containsExactly("README.md");
  }
}
