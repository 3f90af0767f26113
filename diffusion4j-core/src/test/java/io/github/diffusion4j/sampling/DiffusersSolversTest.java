package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with trajectories of diffusers' solvers; see golden/solvers/PROVENANCE.md. */
class DiffusersSolversTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @MethodSource("core")
  void sample_runsOfDiffusersTests_equalsEveryStep(SolverRun run) throws Exception {
    Map<String, Tensor> golden = Safetensors.read(file("core.safetensors"));
    Tensor expected = Objects.requireNonNull(golden.get(run.name()));
    Tensor start = golden.get(run.name() + "/start");

    assertSteps(run, start == null ? batchLast(expected.select(0, 0).shape()) : start, expected);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void sample_otherOptions_equalsEveryStep(SolverRun run) throws Exception {
    Tensor expected =
        Objects.requireNonNull(Safetensors.read(file("trajectories.safetensors")).get(run.name()));

    Tensor start = Tensor.arange(96).to(DType.F32).dividedBy(96).reshape(2, 3, 4, 4);

    assertSteps(run, start, expected);
  }

  private static void assertSteps(SolverRun run, Tensor start, Tensor golden) {
    List<float[]> steps = new ArrayList<>();
    Tensor last =
        run.sampler()
            .sampleFrom(
                run.begin(),
                start,
                run.denoiser(),
                run.noise(start),
                step -> steps.add(step.xt().toFloats()));
    steps.add(last.toFloats());

    assertThat(steps).hasSize((int) golden.size(0) + 1);
    for (int i = 0; i < golden.size(0); i++) {
      float[] expected = golden.select(0, i).toFloats();
      double largest = 1;
      double difference = 0;
      for (int k = 0; k < expected.length; k++) {
        largest = Math.max(largest, Math.abs(expected[k]));
        difference = Math.max(difference, Math.abs(expected[k] - steps.get(i + 1)[k]));
      }
      assertThat(difference).as("%s, step %d", run, i).isLessThanOrEqualTo(1e-4 * largest);
    }
  }

  /** Numbers from 0 to 1 that count the batch fastest. */
  private static Tensor batchLast(long[] shape) {
    int dims = shape.length;
    long[] turned = new long[dims];
    long[] back = new long[dims];
    for (int d = 0; d < dims; d++) {
      turned[d] = shape[(d + 1) % dims];
      back[d] = Math.floorMod(d - 1, dims);
    }
    long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return Tensor.arange(count)
        .to(DType.F32)
        .dividedBy((double) count)
        .reshape(turned)
        .permute(back)
        .contiguous();
  }

  static Stream<SolverRun> core() throws Exception {
    return read("core.csv");
  }

  static Stream<SolverRun> runs() throws Exception {
    return read("runs.csv");
  }

  private static Stream<SolverRun> read(String name) throws Exception {
    List<String> lines = Files.readAllLines(file(name));
    String[] keys = lines.get(0).split(";", -1);
    return lines.stream()
        .skip(1)
        .map(line -> line.split(";", -1))
        .map(
            cells -> {
              Map<String, String> options = new HashMap<>();
              for (int i = 0; i < keys.length; i++) {
                options.put(keys[i], cells[i]);
              }
              return new SolverRun(options);
            });
  }

  private static Path file(String name) throws Exception {
    URL url = DiffusersSolversTest.class.getResource("/golden/solvers/" + name);
    return Path.of(Objects.requireNonNull(url, name).toURI());
  }
}
