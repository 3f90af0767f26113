package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.data.NpyFile;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.StepReport;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Run directories that an earlier version wrote still open, and still resume. */
class FrozenRunsTest {
  private static final int MORE_STEPS = 6;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"unet-muon", "unet-classes-hybrid", "unet-edm", "points-mlp"})
  void open_diffusionModelOfAnEarlierVersion_drawsTheSameSamples(String name) throws Exception {
    Path frozen = frozen(name);
    try (DiffusionModel model = DiffusionModel.open(frozen);
        Scope scope = Scope.open()) {
      SampleRequest request = new SampleRequest(5, 0, 2, Optional.empty());

      Tensor samples = model.sample(request, 4, 0, SamplingListener.NONE);

      requireEqual(samples, NpyFile.read(frozen.resolve("expected.npy")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vae", "hvae", "gan"})
  void open_otherFamilyOfAnEarlierVersion_drawsTheSameSamples(String name) throws Exception {
    Path frozen = frozen(name);
    try (ImageGenerator model =
            ImageGenerators.open(frozen, DrawingOptions.of(SamplingChoice.OF_THE_MODEL));
        Scope scope = Scope.open()) {
      requireEqual(model.draw(0, 2, Seed.of(5)), NpyFile.read(frozen.resolve("expected.npy")));
    }
  }

  /** Images are kept as bytes, which may be rounded the other way; points as they are. */
  private static void requireEqual(Tensor samples, Tensor expected) {
    boolean ofImages = expected.type() == DType.U8;
    double[] found = ofImages ? pixels(PixelRange.toBytes(samples)) : samples.toDoubles();
    double[] wanted = expected.toDoubles();
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as("number %d", i).isCloseTo(wanted[i], within(ofImages ? 1 : 1e-4));
    }
  }

  private static double[] pixels(byte... bytes) {
    return IntStream.range(0, bytes.length)
        .mapToDouble(i -> Byte.toUnsignedInt(bytes[i]))
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unet-muon",
        "unet-classes-hybrid",
        "unet-edm",
        "points-mlp",
        "vae",
        "hvae",
        "gan"
      })
  void goOn_runOfAnEarlierVersion_hasTheSameLosses(String name) throws Exception {
    copy(frozen(name), folder);
    RunConfig config = longer(config(folder));
    Datasets datasets = new Datasets(Optional.empty(), Progress.NONE);
    List<Double> losses = new ArrayList<>();

    try (Run run = Run.goOn(config, datasets.open(config), folder)) {
      run.train(() -> false, (StepReport report) -> losses.add(report.loss()));
    }

    List<Double> before =
        Files.readAllLines(folder.resolve("resumed.jsonl")).stream()
            .map(line -> new JsonMapper().readTree(line).path("loss").asDouble())
            .toList();
    assertThat(losses).hasSize(before.size());
    for (int i = 0; i < losses.size(); i++) {
      assertThat(losses.get(i)).as("loss %d", i).isCloseTo(before.get(i), within(1e-4));
    }
  }

  private static RunConfig config(Path run) throws IOException {
    try (Scope scope = Scope.open()) {
      return TrainingState.read(run.resolve("checkpoints/step-00000003")).config();
    }
  }

  private static RunConfig longer(RunConfig config) {
    List<String> budget = List.of("training.budget.maxSteps=" + MORE_STEPS);
    return config instanceof BaselineConfig other
        ? Overrides.apply(other, budget)
        : Overrides.apply((ExperimentConfig) config, budget);
  }

  private static Path frozen(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(FrozenRunsTest.class.getResource("/frozen/" + name)).toURI());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.copy(file, copy);
      }
    }
  }
}
