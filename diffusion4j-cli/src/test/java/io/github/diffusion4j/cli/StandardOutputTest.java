package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With {@code --json -} the standard output is JSON, with {@code --quiet} it is empty. */
class StandardOutputTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    assertThat(Cli.run(training("run")).exitCode()).isZero();
    byte[] pixels = new byte[40 * 784];
    ImageDataset digits = EmbeddedDigits.load();
    for (int i = 0; i < 40; i++) {
      digits.read(i, pixels, i * 784);
    }
    NpyFile.write(folder.resolve("REAL.npy"), pixels, 40, 28, 28);
  }

  private static String[] training(String name, String... more) {
    List<String> line = new ArrayList<>(EndToEndTest.TINY);
    line.addAll(0, List.of("train", "--preset=digits-quickstart", "--max-steps=1"));
    line.add("--out=" + folder.resolve(name));
    line.addAll(List.of(more));
    return line.toArray(String[]::new);
  }

  /** RUN is a trained model, NEW a name that is free; the last is a number that must be there. */
  @ParameterizedTest
  @CsvSource({
    "doctor, threads",
    "inspect RUN, parameters",
    "sample --model RUN --n 2 --steps 2 --out NEW.npy, seconds",
    "evaluate --model RUN --data REAL.npy --n 40 --steps 2 --metrics fd --cache NEW, rows",
    "likelihood --model RUN --data digits --n 2 --times 2 --method vlb, bound",
    "export --model RUN --format answers --out NEW.safetensors, bytes",
    "convert --from RUN --to NEW, parameters",
    "explain schedule --kinds cosine --steps 5 --out NEW, alphaBar",
    "explain posterior --steps 20 --out NEW.png, knowing_x0",
    "explain forward --n 1 --out NEW.png, variance",
    "explain flow --steps 20 --paths 2 --out NEW.png, x",
    "explain reverse --model RUN --steps 2 --n 1 --out NEW.png, t",
    "explain samplers --n 2 --out NEW, samplers"
  })
  void json_onStandardOutput_isAllThereIs(String line, String name) {
    List<String> words = new ArrayList<>(words(line, "json"));
    words.addAll(List.of("--json", "-"));

    Cli result = Cli.run(words.toArray(String[]::new));

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("{").endsWith("}\n").isASCII();
    JsonNode tree = JSON.readTree(result.out());
    assertThat(tree.has(name)).as(result.out()).isTrue();
  }

  @Test
  void json_ofATraining_saysWhatWasTrained() {
    JsonNode tree = JSON.readTree(Cli.run(training("other", "--json", "-")).out());

    assertThat(tree.path("step").asInt()).isEqualTo(1);
    assertThat(tree.path("lastLogged").path("loss").asDouble()).isPositive();
    assertThat(Path.of(tree.path("checkpoint").stringValue())).isDirectory();
  }

  @Test
  void json_ofAComparison_hasEveryModel() throws IOException {
    Path json = folder.resolve("deep/er/models.json");
    String line =
        "compare %1$s %1$s --data %2$s/REAL.npy --n 20 --steps 2 --metrics fd --bound 0 --out %2$s/r.html --cache %2$s/c --json %3$s"
            .formatted(folder.resolve("run"), folder, json);
    Cli result = Cli.run(line.split(" "));

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("FD-digits", "report: ");
    JsonNode tree = JSON.readTree(Files.readString(json));
    assertThat(tree).hasSize(2);
    assertThat(tree.get(1).path("report").path("rows").get(0).path("value").asDouble())
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "doctor",
    "inspect RUN",
    "sample --model RUN --n 2 --steps 2 --out NEW.npy",
    "likelihood --model RUN --data digits --n 2 --times 2 --method vlb",
    "explain posterior --steps 20 --out NEW.png"
  })
  void quiet_printsNothing(String line) {
    List<String> words = new ArrayList<>(words(line, "quiet"));
    words.add("--quiet");

    Cli result = Cli.run(words.toArray(String[]::new));

    assertThat(result.exitCode()).isZero();
    assertThat(result.out() + result.err()).isEmpty();
  }

  @Test
  void quiet_stillSaysWhatIsWrong() {
    assertThat(Cli.run("inspect", "nowhere", "--quiet").err()).startsWith("error: model nowhere");
    assertThat(Cli.run("--quiet", "doctor").out()).isEmpty();
    assertThat(JSON.readTree(Cli.run("doctor", "--quiet", "--json", "-").out()).has("threads"))
        .isTrue();
  }

  private static List<String> words(String line, String purpose) {
    String fresh = "%s-%s".formatted(purpose, line.replaceAll("\\W+", "-"));
    return Stream.of(line.split(" "))
        .map(word -> word.replace("RUN", folder.resolve("run").toString()))
        .map(word -> word.replace("REAL", folder.resolve("REAL").toString()))
        .map(word -> word.replace("NEW", folder.resolve(fresh).toString()))
        .toList();
  }
}
