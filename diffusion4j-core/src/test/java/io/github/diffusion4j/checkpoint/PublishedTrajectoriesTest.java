package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.PublishedSamplers;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a scheduler_config.json to every sample of its run; see golden/schedulers/PROVENANCE.md. */
class PublishedTrajectoriesTest {
  private static final long[] SHAPE = {2, 3, 4, 4};
  private static final Set<PublishedSolver> SCALED =
      Set.of(Plain.EULER, Plain.EULER_ANCESTRAL, Plain.HEUN, Plain.LMS);

  @TempDir private Path folder = Path.of(".");

  /**
   * A run of diffusers.
   *
   * @param config the text of its scheduler_config.json
   */
  record Run(String name, int steps, String config) {
    @Override
    public String toString() {
      return name + " " + config;
    }
  }

  static Stream<Run> runs() throws Exception {
    List<Run> runs = new ArrayList<>();
    for (JsonNode run : new JsonMapper().readTree(Files.readString(resource("runs.json")))) {
      runs.add(
          new Run(
              "%02d".formatted(runs.size()),
              run.path("steps").intValue(),
              run.path("config").toString()));
    }
    assertThat(runs).hasSize(59);
    return runs.stream();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void sampler_ofTheConfig_goesTheWayOfDiffusers(Run run) throws Exception {
    OptionFile options = file(run.config());
    PublishedScheduler scheduler = SchedulerOptions.read(options);
    ProcessConfig process = ProcessOptions.read(options, scheduler);
    try (Scope scope = Scope.open()) {
      Tensor golden =
          Objects.requireNonNull(
              Safetensors.read(resource("trajectories.safetensors")).get(run.name()));

      List<Tensor> seen = trajectory(run, scheduler, process);

      assertThat(seen).hasSize((int) golden.size(0));
      for (int i = 0; i < seen.size(); i++) {
        Tensor expected = golden.select(0, i);
        assertThat(largest(seen.get(i).minus(expected)))
            .as("step %d", i + 1)
            .isLessThanOrEqualTo(1e-4 * Math.max(1, largest(expected)));
      }
    }
  }

  /** What was read is written so that it says the same. */
  @ParameterizedTest
  @MethodSource("runs")
  void options_ofWhatWasRead_readTheSame(Run run) throws Exception {
    OptionFile options = file(run.config());
    PublishedScheduler scheduler = SchedulerOptions.read(options);
    ProcessConfig process = ProcessOptions.read(options, scheduler);

    OptionFile written = file(PythonJson.render(SchedulerWriter.options(process, scheduler)));

    assertThat(SchedulerOptions.read(written)).isEqualTo(scheduler);
    assertThat(ProcessOptions.read(written, scheduler)).isEqualTo(process);
  }

  /** What the sampler shows after the start, in the units of diffusers, and its result. */
  private static List<Tensor> trajectory(
      Run run, PublishedScheduler scheduler, ProcessConfig process) {
    boolean scaled = SCALED.contains(scheduler.solver());
    List<Tensor> seen = new ArrayList<>();
    Tensor x0 =
        new PublishedSamplers(scheduler, process, run.steps())
            .sampler(0)
            .sample(
                PublishedSamplers.bounded(network(process), scheduler),
                noise(run.steps()),
                step -> {
                  double unit = scaled ? step.level().signal() : 1;
                  seen.add(step.xt().dividedBy(unit).copy().outlivingScopes());
                },
                SHAPE);
    boolean endsEarly =
        scheduler.end() == End.FIRST_LEVEL || scheduler.sigmas() == Sigmas.LOG_LINEAR;
    double unit =
        scaled && endsEarly ? FromConfig.schedule(process.schedule()).level(1).signal() : 1;
    seen.remove(0).close();
    seen.add(x0.dividedBy(unit));
    return seen;
  }

  /** The network of make.py. */
  private static Denoiser network(ProcessConfig process) {
    double unit = process.schedule() instanceof ScheduleConfig.Edm ? 1 : 1000;
    return new NetworkDenoiser(
        (xt, time) -> Functions.sin(xt.plus(time.toFloats()[0] / unit)).dividedBy(2),
        FromConfig.prediction(process),
        FromConfig.input(process));
  }

  private static NoiseSource noise(int steps) {
    return new NoiseSource() {
      @Override
      public Tensor xT(long... shape) {
        return Tensor.arange(96).to(DType.F32).dividedBy(48).minus(1).reshape(shape);
      }

      @Override
      public Tensor z(int draw, long... shape) {
        float[] z = new float[96];
        for (int i = 0; i < z.length; i++) {
          z[i] = (float) Math.sin(1 + 0.37 * i + 1.7 * (steps - draw + 1));
        }
        return Tensor.of(z, shape);
      }
    };
  }

  private static double largest(Tensor x) {
    double largest = 0;
    for (double value : x.toDoubles()) {
      largest = Math.max(largest, Math.abs(value));
      assertThat(value).isFinite();
    }
    return largest;
  }

  private OptionFile file(String json) throws Exception {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(file, json);
    return OptionFile.read(file);
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(
                PublishedTrajectoriesTest.class.getResource("/golden/schedulers/" + name), name)
            .toURI());
  }
}
