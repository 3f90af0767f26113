package io.github.diffusion4j.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportEndToEndTest {
  @TempDir private Path folder;

  @Test
  void export_writesAFileThatOnnxRuntimeAgreesWith() throws IOException {
    Path run = train("digits-quickstart", EndToEndTest.TINY);
    Path file = folder.resolve("unet.onnx");

    Cli result = Cli.run("export", "--model=" + run, "--format=onnx", "--out=" + file);

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).containsPattern("[\\d,]+ parameters.* differ by \\d\\.\\de-\\d+: ");
    assertThat(Files.size(file)).isGreaterThan(10_000);
  }

  @Test
  void export_answers_areThoseOfTheNetworkInTheFolder() throws IOException {
    Path run = train("digits-quickstart", EndToEndTest.TINY);
    Path file = folder.resolve("answers.safetensors");

    Cli result = Cli.run("export", "--model=" + run, "--format=answers", "--out=" + file);

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("compare: python3 tools/compare_in_python.py");
    try (DiffusionModel model = DiffusionModel.open(run);
        Scope scope = Scope.open()) {
      Map<String, Tensor> answers = Safetensors.read(file);
      Tensor expected =
          model
              .network()
              .forward(
                  requireNonNull(answers.get("x")),
                  requireNonNull(answers.get("time")),
                  Optional.empty(),
                  Dropout.NONE);
      assertThat(answers).containsOnlyKeys("x", "time", "answer");
      assertThat(requireNonNull(answers.get("answer")).toFloats()).isEqualTo(expected.toFloats());
    }
  }

  @Test
  void sample_engineOnnx_drawsWhatTorchDraws() throws IOException {
    Path run = train("digits-quickstart", EndToEndTest.TINY);
    Path torch = folder.resolve("torch.npy");
    Path onnx = folder.resolve("onnx.npy");

    Cli first = sample(run, torch, "torch");
    Cli second = sample(run, onnx, "onnx");

    assertThat(first.err() + second.err()).isEmpty();
    byte[] a = Files.readAllBytes(torch);
    byte[] b = Files.readAllBytes(onnx);
    assertThat(a).hasSameSizeAs(b);
    int differing = 0;
    for (int i = 0; i < a.length; i++) {
      assertThat(Math.abs((a[i] & 0xFF) - (b[i] & 0xFF))).isLessThanOrEqualTo(1);
      differing += a[i] == b[i] ? 0 : 1;
    }
    // The engines round differently; a gray level may tip over at a half.
    assertThat(differing).isLessThan(a.length / 100);
  }

  @Test
  void modelOfPoints_isRefusedInOneLine() {
    Path run = train("toy2d", List.of("--data=moons"));

    Cli export = Cli.run("export", "--model=" + run, "--out=" + folder.resolve("mlp.onnx"));
    Cli sample = sample(run, folder.resolve("points.csv"), "onnx");

    assertThat(List.of(export.exitCode(), sample.exitCode())).containsOnly(2);
    assertThat(export.err()).contains("is a model of points; allowed for onnx: a model of images");
    assertThat(sample.err()).contains("--engine is onnx; allowed for models of points: torch");
    assertThat(folder.resolve("mlp.onnx")).doesNotExist();
  }

  private Path train(String preset, List<String> changes) {
    Path run = folder.resolve("run");
    List<String> line =
        new ArrayList<>(List.of("train", "--preset", preset, "--max-steps=2", "--out=" + run));
    line.addAll(changes);
    Cli result = Cli.run(line.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    return run;
  }

  private static Cli sample(Path run, Path out, String engine) {
    return Cli.run(
        "sample",
        "--model=" + run,
        "--out=" + out,
        "--engine=" + engine,
        "--sampler=ddim",
        "--steps=5",
        "--n=6");
  }
}
