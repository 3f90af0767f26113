package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Folders as diffusers writes them give its images; see golden/pipelines/PROVENANCE.md. */
class PublishedPipelinesTest {
  @TempDir private Path folder = Path.of(".");

  @ParameterizedTest
  @MethodSource("runs")
  void sampler_ofThePublishedScheduler_drawsTheImagesOfDiffusers(Run run) throws Exception {
    try (Scope scope = Scope.open();
        DiffusionModel model = DiffusionModel.open(written(run))) {
      Map<String, Tensor> golden = Safetensors.read(resource("pipelines/pipelines.safetensors"));
      Tensor noise = Objects.requireNonNull(golden.get(run.id() + "/noise"));
      Tensor expected = Objects.requireNonNull(golden.get(run.id() + "/image"));
      Denoiser free = model.denoiser(Optional.empty(), X0Range.UNBOUNDED);

      Tensor x0 =
          new PublishedSamplers(model.scheduler(), model.process(), run.steps())
              .sampler(0)
              .sample(
                  PublishedSamplers.bounded(free, model.scheduler()),
                  stored(noise, run.steps()),
                  SamplingListener.NONE,
                  noise.select(0, 0).shape());

      Tensor image = x0.dividedBy(2).plus(0.5).clamp(0, 1).permute(0, 2, 3, 1).contiguous();
      assertThat(image.shape()).containsExactly(expected.shape());
      assertThat(largest(image.minus(expected))).isLessThanOrEqualTo(run.tolerance());
    }
  }

  /** x_T comes first, and then the noise of each step. */
  private static NoiseSource stored(Tensor noise, int steps) {
    return new NoiseSource() {
      @Override
      public Tensor xT(long... shape) {
        return noise.select(0, 0);
      }

      @Override
      public Tensor z(int draw, long... shape) {
        return noise.select(0, 1 + steps - draw);
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

  private Path written(Run run) throws Exception {
    Path net =
        run.net().equals("tiny") ? resource("unet/tiny") : resource("pipelines/" + run.net());
    Path unet = Files.createDirectory(folder.resolve("unet"));
    for (String file : List.of("config.json", "diffusion_pytorch_model.safetensors")) {
      Files.copy(net.resolve(file), unet.resolve(file));
    }
    Files.writeString(
        Files.createDirectory(folder.resolve("scheduler")).resolve("scheduler_config.json"),
        run.scheduler());
    Files.writeString(folder.resolve("model_index.json"), "{}");
    return folder;
  }

  static Stream<Run> runs() throws Exception {
    String json = Files.readString(resource("pipelines/runs.json"));
    List<Run> runs = new ArrayList<>();
    for (JsonNode run : new JsonMapper().readTree(json)) {
      runs.add(
          new Run(
              run.path("id").stringValue(),
              run.path("net").stringValue(),
              run.path("steps").intValue(),
              run.path("tolerance").doubleValue(),
              run.path("scheduler").stringValue()));
    }
    return runs.stream();
  }

  record Run(String id, String net, int steps, double tolerance, String scheduler) {
    @Override
    public String toString() {
      return id;
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(PublishedPipelinesTest.class.getResource("/golden/" + name), name)
            .toURI());
  }
}
