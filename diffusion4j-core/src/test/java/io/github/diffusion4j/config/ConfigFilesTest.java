package io.github.diffusion4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFilesTest {
  @TempDir Path folder;

  @Test
  void toJson_preset_isCanonical() {
    assertThat(ConfigFiles.toJson(Presets.load("cifar10-ho")))
        .startsWith("{\n  \"name\": \"cifar10-ho\",\n  \"description\": ")
        .contains("\"widths\": [ 128, 256, 256, 256 ]")
        .contains("\"stabilizer\": 0.000001,")
        .contains("\"kind\": \"linear\",\n      \"steps\": 1000,\n      \"betaStart\": 0.0001,")
        .contains("\"initialization\": \"ho\"")
        .contains("\"budget\": {\n      \"maxSteps\": 800000\n    }")
        .endsWith("}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run.json", "run.yaml", "run.YML"})
  void read_writtenFile_givesTheSame(String name) throws IOException {
    ExperimentConfig mnist = Presets.load("mnist");
    Path file = folder.resolve(name);
    ConfigFiles.write(file, mnist);

    assertThat(ConfigFiles.read(file)).isEqualTo(mnist);
  }

  @Test
  void read_sparseFileWithExtends_changesOnlyWhatItNames() throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        extends: mnist
        name: mine
        training:
          learningRate: {peak: 1e-3}
          loss:
            weighting: {kind: min-snr, gamma: 5}
        process:
          schedule: {kind: linear, betaStart: 1E-4, betaEnd: 0.02}
        """);

    ExperimentConfig mine = ConfigFiles.read(file);

    assertThat(mine.process().schedule()).isEqualTo(new ScheduleConfig.Linear(1000, 1e-4, 0.02));
    assertThat(ConfigFiles.differences(Presets.load("mnist"), mine))
        .containsExactly(
            "name",
            "process.schedule.betaEnd",
            "process.schedule.betaStart",
            "process.schedule.kind",
            "training.learningRate.peak",
            "training.loss.weighting.deviation",
            "training.loss.weighting.gamma",
            "training.loss.weighting.kind",
            "training.loss.weighting.mean");
  }

  @Test
  void differences_optionTakenAway_isNamed() {
    ExperimentConfig mnist = Presets.load("mnist");
    ExperimentConfig unclipped =
        Overrides.apply(mnist, List.of("training.optimizer.gradientClip=none"));

    assertThat(ConfigFiles.differences(mnist, unclipped))
        .containsExactly("training.optimizer.gradientClip");
    assertThat(ConfigFiles.differences(mnist, mnist)).isEmpty();
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"training":{"bacth":64}}        | training.bacth is unknown; did you mean training.batch?
          {"trainning":{"batch":64}}       | trainning is unknown; did you mean training?
          {"batch":64}                     | batch is unknown; did you mean training.batch?
          {"model":{"layers":{"drop":0}}}  | model.layers.drop is unknown; did you mean model.layers.dropout?
          {"training":{"qqqqqqqq":64}}     | training.qqqqqqqq is unknown; allowed: batch, accumulation, budget, optimizer, learningRate, ema, loss, evaluation, onDivergence
          {"process":{"schedule":{"betaStrat":1e-4}}} | process.schedule.betaStrat is unknown; did you mean process.schedule.betaStart?
          {"training":{"batch":"many"}}    | training.batch is "many"; allowed: a whole number
          {"training":{"batch":1.5}}       | training.batch is 1.5; allowed: a whole number
          {"training":{"batch":3000000000}} | training.batch is 3000000000; allowed: a whole number
          {"training":{"batch":0}}         | training.batch is 0; allowed: a whole number above 0
          {"training":{"batch":null}}      | training.batch is null; allowed: a whole number
          {"training":{"accumulation":7}}  | training.accumulation is 7; allowed: a divisor of training.batch = 64
          {"training":{"budget":{"maxMinutes":null}}} | training.budget is empty; allowed: maxSteps, maxMinutes or both
          {"training":{"optimizer":{"kind":"sgd"}}} | training.optimizer.kind is "sgd"; allowed: adam, adamw, muon
          {"training":3}                   | training is 3; allowed: a group of batch, accumulation, budget, optimizer, learningRate, ema, loss, evaluation, onDivergence
          {"training":{"ema":{"rampUp":"slow"}}} | training.ema.rampUp.kind is "slow"; allowed: none, power
          {"process":{"schedule":{"kind":"linear"}}} | process.schedule.betaStart is missing; allowed: a number
          {"process":{"schedule":{"kind":"table","betas":[0.1,"x"]}}} | process.schedule.betas is "x"; allowed: a number
          {"process":{"schedule":{"kind":"table","betas":[0.1,2]}}} | process.schedule.betas is a list with 2.0; allowed: 0 < β ≤ 1
          {"model":{"size":30}}            | model.size is 30; allowed: a multiple of 2^(levels − 1) = 4
          {"model":{"widths":[30,64,64]}}  | model.widths is [30, 64, 64]; allowed: multiples of model.layers.groups = 8
          {"model":{"middle":"attention","layers":{"headWidth":65}}} | model.layers.headWidth is 65; allowed: at most 64, the width that attention has
          {"data":{"source":"  "}}         | data.source is empty; allowed: some text
          {"data":{"limit":-1}}            | data.limit is -1; allowed: a number above 0, or nothing
          {"seed":1.5}                     | seed is 1.5; allowed: a whole number
          {"sampling":{"steps":2000}}      | sampling.steps is 2000; allowed: at most process.schedule.steps = 1000
          """)
  void fromJson_wrongOption_saysWhatAndWhatIsAllowed(String options, String message) {
    String json = "{\"extends\":\"mnist\"," + options.substring(1);
    assertThatThrownBy(() -> ConfigFiles.fromJson(json, "my.json"))
        .isInstanceOf(UserException.class)
        .hasMessage("my.json: " + message);
  }

  @Test
  void fromJson_unknownPresetExtended_namesTheNearest() {
    assertThatThrownBy(() -> ConfigFiles.fromJson("{\"extends\":\"mnits\"}", "my.json"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("my.json: there is no preset mnits; did you mean mnist?");
  }

  @Test
  void fromJson_incompleteFileWithoutExtends_namesWhatIsMissing() {
    assertThatThrownBy(() -> ConfigFiles.fromJson("{\"name\":\"mine\"}", "my.json"))
        .isInstanceOf(UserException.class)
        .hasMessage("my.json: description is missing; allowed: a text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "[]"})
  void fromJson_noGroupOfOptions_isRefused(String text) {
    assertThatThrownBy(() -> ConfigFiles.fromJson(text, "my.json"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("my.json: the file is ");
  }

  @Test
  void read_textThatIsNoJson_namesFileAndLine() throws IOException {
    Path file = folder.resolve("broken.json");
    Files.writeString(file, "{\n  \"name\": \"a\",\n  \"seed\" 3\n}\n");

    assertThatThrownBy(() -> ConfigFiles.read(file))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(file + ":3:10: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void read_textThatIsNoYaml_namesFileAndLine() throws IOException {
    Path file = folder.resolve("broken.yaml");
    Files.writeString(file, "extends: mnist\nname: [a\nseed: 3\n");

    assertThatThrownBy(() -> ConfigFiles.read(file))
        .isInstanceOf(UserException.class)
        .hasMessageMatching("(?s)\\Q" + file + "\\E:3:5: [^\n]+, expected [^\n]+");
  }

  @Test
  void read_tabInYaml_namesLineAndColumn() throws IOException {
    Path file = folder.resolve("tab.yaml");
    Files.writeString(file, "extends: mnist\ntraining:\n  \tbatch: 32\n");

    assertThatThrownBy(() -> ConfigFiles.read(file))
        .isInstanceOf(UserException.class)
        .hasMessage(file + ":3:3: a tab; YAML allows only spaces for indentation");
  }

  @Test
  void read_binaryFile_namesTheFirstByteThatIsNoText() throws IOException {
    Path file = folder.resolve("binary.yaml");
    Files.write(file, new byte[] {'a', (byte) 0xc3, (byte) 0xa4, (byte) 0xff, 1});
    assertThatThrownBy(() -> ConfigFiles.read(file))
        .isInstanceOf(UserException.class)
        .hasMessage(file + " is not a text file: byte 4 is 0xff; allowed: JSON or YAML in UTF-8");

    Files.write(file, new byte[] {'P', 'K', 3, 4});
    assertThatThrownBy(() -> ConfigFiles.read(file)).hasMessageContaining("byte 3 is 0x03");
  }

  @Test
  void read_byteOrderMark_isPassedOver() throws IOException {
    Path file = folder.resolve("mark.json");
    Files.writeString(file, "\uFEFF{\"extends\": \"mnist\"}");

    assertThat(ConfigFiles.read(file)).isEqualTo(Presets.load("mnist"));
  }

  /** Of a network of another kind: the complaint does not send anybody in a circle. */
  @Test
  void read_optionOfAnotherKind_isNotSuggestedAgain() {
    assertThatThrownBy(
            () -> ConfigFiles.fromJson("{\"extends\":\"mnist\",\"model\":{\"width\":32}}", "my"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "model.width belongs to another kind than this recipe's; did you mean")
        .hasMessageContaining("did you mean model.widths? allowed: channels, size, widths");
  }

  @Test
  void read_sameOptionTwice_isRefused() throws IOException {
    Path json = folder.resolve("twice.json");
    Files.writeString(json, "{\"seed\":1,\n\"seed\":2}");
    Path yaml = folder.resolve("twice.yaml");
    Files.writeString(yaml, "extends: mnist\nseed: 1\nseed: 2\n");

    assertThatThrownBy(() -> ConfigFiles.read(json))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(json + ":2:");
    assertThatThrownBy(() -> ConfigFiles.read(yaml))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(yaml + ":3:");
  }

  @Test
  void read_missingOrOtherFile_isRefused() {
    assertThatThrownBy(() -> ConfigFiles.read(folder.resolve("none.yaml")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("none.yaml does not exist");
    assertThatThrownBy(() -> ConfigFiles.read(folder.resolve("config.toml")))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith("allowed: names that end in .json, .yaml or .yml");
  }
}
