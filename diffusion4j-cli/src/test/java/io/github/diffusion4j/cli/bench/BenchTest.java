package io.github.diffusion4j.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.cli.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole way, with processes of our own and a script in the place of Python. */
class BenchTest {
  private static final String AGREES =
      """
      #!/bin/sh
      while IFS= read -r line; do
        case "$line" in
          version*) echo '{"version": "Fake 1.0"}' ;;
          check*) echo '{"answer": 1e-6, "loss": 0, "gradient_norm": 0}' ;;
          open*eager*) echo '{"version": "Fake 1.0"}' ;;
          open*) echo '{"error": "no compiler"}' ;;
          run*) echo '{"seconds": [7200, 3600, 1], "peak_kib": 2048}' ;;
        esac
      done
      """;

  @TempDir private Path folder;
  private Path python = Path.of("");

  @BeforeEach
  void writeScript() throws IOException {
    python = Files.writeString(folder.resolve("python"), AGREES);
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void bench_withPeer_measuresBothAndWritesAllOfIt() throws IOException {
    Path json = folder.resolve("bench.json");

    CommandLineRun run = bench("--peer=" + python, "--json=" + json);

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("peer: Fake 1.0", "step-overhead", "2 MiB", "peer, compiled: no compiler");
    JsonNode report = JsonMapper.shared().readTree(json);
    JsonNode workload = report.path("workloads").path(0);
    assertThat(report.path("cores").asInt()).isPositive();
    assertThat(workload.path("name").asString()).isEqualTo("step-overhead");
    assertThat(workload.path("ours").path("rounds").size()).isEqualTo(2);
    assertThat(workload.path("ours").path("median_seconds").asDouble()).isPositive();
    assertThat(workload.path("peer").path("median_seconds").asDouble()).isEqualTo(3600);
    assertThat(workload.path("peer").path("mode").asString()).isEqualTo("eager");
    assertThat(workload.path("peer").path("peak_kib").asLong()).isEqualTo(2048);
    double ours = workload.path("ours").path("median_seconds").asDouble();
    JsonNode ratio = workload.path("ratio");
    assertThat(3600 / ours)
        .isBetween(ratio.path("least").asDouble(), ratio.path("most").asDouble());
  }

  @Test
  void bench_peerThatComputesSomethingElse_isNotMeasured() throws IOException {
    Files.writeString(python, AGREES.replace("\"loss\": 0", "\"loss\": 0.01"));

    CommandLineRun run = bench("--peer=" + python);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("step-overhead", "the peer's loss differs by 1.0e-02 from ours");
  }

  @Test
  void bench_peerThatEnds_isRefusedInOneLine() throws IOException {
    Files.writeString(python, "#!/bin/sh\necho no such module >&2\nexit 1\n");

    CommandLineRun run = bench("--peer=" + python);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("error: --peer is", "the process ended");
  }

  @Test
  void worker_measuresAndAnswersInJson() {
    Worker worker = new Worker(0);

    JsonNode opened = answer(worker, "open", "train", "tiny", "torch", "training.batch=2");
    JsonNode run = answer(worker, "run", "3");
    JsonNode unknown = answer(worker, "open", "train", "huge", "torch");

    assertThat(opened.path("version").asString()).contains("libtorch");
    assertThat(run.path("seconds").size()).isEqualTo(3);
    run.path("seconds").forEach(each -> assertThat(each.asDouble()).isPositive());
    assertThat(unknown.path("error").asString()).contains("huge", "small28");
  }

  @Test
  void folder_holdsTheNetworkTheRecipeAndItsAnswers() throws IOException {
    PeerFolder.write(folder, "train", Recipe.TINY.config(List.of()));

    JsonNode recipe = JsonMapper.shared().readTree(folder.resolve("recipe.json"));
    assertThat(recipe.path("alpha_bar").size()).isEqualTo(1001);
    assertThat(recipe.path("alpha_bar").path(0).asDouble()).isEqualTo(1);
    assertThat(recipe.path("optimizer").asString()).isEqualTo("adam");
    assertThat(recipe.path("batch").asInt()).isEqualTo(1);
    assertThat(folder.resolve("unet/config.json")).exists();
    assertThat(Safetensors.readHeader(folder.resolve("answers.safetensors")).tensors())
        .containsOnlyKeys("x", "time", "noise", "answer", "loss", "gradient_norm");
  }

  private static JsonNode answer(Worker worker, String... command) {
    return JsonMapper.shared().readTree(worker.answer(String.join("\t", command)));
  }

  private static CommandLineRun bench(String... more) {
    List<String> line =
        new ArrayList<>(
            List.of("bench", "step-overhead", "--rounds=2", "--seconds=0.001", "--threads=1"));
    line.addAll(List.of(more));
    return CommandLineRun.of(line.toArray(String[]::new));
  }
}
