package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvaluateEndToEndTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws IOException {
    ImageDataset digits = EmbeddedDigits.load();
    for (int part = 0; part < 2; part++) {
      byte[] pixels = new byte[300 * 784];
      for (int i = 0; i < 300; i++) {
        digits.read(part * 5000 + i, pixels, i * 784);
      }
      NpyFile.write(folder.resolve("part%d.npy".formatted(part)), pixels, 300, 28, 28);
    }
  }

  @Test
  void evaluate_samples_printsTheTableAndWritesTheNumbers() throws IOException {
    Path json = folder.resolve("new/numbers.json");
    Cli result = evaluate("--samples", at("part0.npy"), "--data", at("part1.npy"), "--json", json);

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("digits of 300 images [1, 28, 28] (" + at("part0.npy"))
        .contains("metric", "95 % interval", "FD-digits", "KD-digits", "class score, digits")
        .contains("precision", "recall", "density", "coverage")
        .doesNotContain("FID");
    JsonNode root = JsonMapper.builder().build().readTree(Files.readString(json));
    assertThat(root.path("protocol").path("netFingerprint").stringValue()).hasSize(64);
    assertThat(root.path("rows")).hasSize(7);
    JsonNode distance = root.path("rows").get(0);
    assertThat(distance.path("metric").stringValue()).isEqualTo("FD-digits");
    assertThat(distance.path("value").asDouble())
        .isBetween(
            distance.path("interval").path("low").asDouble(),
            distance.path("interval").path("high").asDouble());
  }

  /** Drawing into files and measuring those is the same as measuring the model. */
  @Test
  void evaluate_model_givesTheNumbersOfItsSamples() throws IOException {
    String run = at("run");
    List<String> train =
        new ArrayList<>(
            List.of("train", "--preset", "digits-quickstart", "--max-steps=1", "--out", run));
    train.addAll(EndToEndTest.TINY);
    assertThat(Cli.run(train.toArray(String[]::new)).exitCode()).isZero();
    String pictures = at("pictures");
    Cli.run(
        "sample",
        "--model",
        run,
        "--sampler",
        "ddim",
        "--steps",
        "2",
        "--n",
        "70",
        "--seed",
        "3",
        "--out",
        pictures);

    double ofModel =
        distance(
            "--model",
            run,
            "--sampler",
            "ddim",
            "--steps",
            "2",
            "--n",
            "70",
            "--seed",
            "3",
            "--batch",
            "64");
    double ofPictures = distance("--samples", pictures);

    assertThat(ofPictures).isCloseTo(ofModel, within(1e-4 * ofModel));
  }

  @Test
  void evaluate_shares_fillTheCacheAndPrintNoNumbers() {
    Cli share = evaluate("--samples", at("part0.npy"), "--shard", "1/1", "--cache", at("cache"));

    assertThat(share.out()).isEqualTo("share 1/1 of the features is in the cache\n");
    assertThat(Path.of(at("cache"))).isDirectory();
    assertThat(evaluate("--samples", at("part0.npy"), "--shard", "0/2").err())
        .isEqualTo("error: --shard is 0/2; allowed: 1/N…N/N\n");
  }

  @Test
  void evaluate_statistics_areWrittenAndCompared() {
    String file = at("reference.npz");
    Cli written = evaluate("--data", at("part1.npy"), "--write-statistics", file);
    assertThat(written.out()).startsWith("digits of 300 images of").endsWith(file + "\n");

    Cli ofFile = evaluate("--samples", at("part0.npy"), "--data", file, "--metrics", "fd");
    assertThat(ofFile.exitCode()).isZero();
    assertThat(ofFile.out()).contains("against " + file, "FD-digits");
    Cli tooMuch = evaluate("--samples", at("part0.npy"), "--data", file);
    assertThat(tooMuch.exitCode()).isEqualTo(2);
    assertThat(tooMuch.err()).contains("--metrics has kid", "allowed with a statistics file");
    assertThat(evaluate("--samples", file, "--data", file).err())
        .contains("holds statistics; allowed here: images");
  }

  @Test
  void evaluate_wrongSamples_getOneLine() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Cli nothing = evaluate("--samples", empty, "--data", "digits");
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).hasLineCount(1).contains("empty has no image");

    byte[] colors = new byte[40 * 3 * 32 * 32];
    NpyFile.write(folder.resolve("colors.npy"), colors, 40, 32, 32, 3);
    Cli wrong = evaluate("--samples", at("colors.npy"), "--data", "digits");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).hasLineCount(1).contains("[1, 3, 32, 32]", "[N, 1, 28, 28]");

    Cli few = evaluate("--samples", at("part0.npy"), "--n", "5", "--data", at("part1.npy"));
    assertThat(few.exitCode()).isEqualTo(2);
    assertThat(few.err())
        .hasLineCount(1)
        .contains("has kid, but there are 5 samples; allowed: 20 or more");
    Cli many = evaluate("--samples", at("part0.npy"), "--n", "500", "--data", at("part1.npy"));
    assertThat(many.err()).hasLineCount(1).contains("500 images of", "allowed: 1…300");
  }

  /** Options that would be passed over are refused. */
  @Test
  void evaluate_optionsWithoutEffect_getOneLine() {
    String file = at("small.npz");
    evaluate("--data", at("part1.npy"), "--write-statistics", file);
    String images = at("part0.npy");

    refused("--steps, --eta", "--samples", images, "--steps", 5, "--eta", 0.5, "--metrics", "is");
    refused("--spacing, --label", "--samples", images, "--spacing", "karras", "--label", 1);
    refused("--engine", "--samples", images, "--engine", "onnx", "--metrics", "is");
    refused("--batch", "--samples", images, "--batch", 5, "--metrics", "is");
    refused("--json", "--samples", images, "--shard", "1/2", "--json", at("no.json"));
    refused("--held-out", "--samples", images, "--data", file, "--held-out", images);
    refused("--split", "--samples", images, "--data", file, "--split", "test");
    refused("--split", "--samples", images, "--metrics", "is", "--split", "test");
    refused("--n", "--data", images, "--write-statistics", at("no.npz"), "--n", 20);
    assertThat(Path.of(at("no.json"))).doesNotExist();
    assertThat(Path.of(at("no.npz"))).doesNotExist();
  }

  private static void refused(String options, Object... arguments) {
    Cli result = evaluate(arguments);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).startsWith("error: " + options + " ");
  }

  private static double distance(String... source) throws IOException {
    Path json = folder.resolve("distance.json");
    List<Object> line = new ArrayList<>(List.of((Object[]) source));
    line.addAll(List.of("--data", at("part1.npy"), "--metrics", "fd", "--json", json));
    Cli result = evaluate(line.toArray());
    assertThat(result.err()).isEmpty();
    JsonNode root = JsonMapper.builder().build().readTree(Files.readString(json));
    return root.path("rows").get(0).path("value").asDouble();
  }

  private static Cli evaluate(Object... arguments) {
    List<String> line = new ArrayList<>(List.of("evaluate"));
    for (Object argument : arguments) {
      line.add(argument.toString());
    }
    if (!line.contains("--cache")) {
      line.addAll(List.of("--cache", at("features")));
    }
    return Cli.run(line.toArray(String[]::new));
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }
}
