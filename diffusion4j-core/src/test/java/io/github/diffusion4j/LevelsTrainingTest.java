package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.OptimizerConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.InMemoryDataset;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks of NCSN++ and of K blocks are trained, saved, opened and sampled as all others. */
class LevelsTrainingTest {
  @TempDir Path folder;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("skip, Adam", network(BlockKind.SKIP, 8), TestExperiments.ADAM),
        Arguments.of("skip, Muon", network(BlockKind.SKIP, 8), TestExperiments.MUON),
        Arguments.of("k, Adam", network(BlockKind.K, 32), TestExperiments.ADAM),
        Arguments.of("k, Muon", network(BlockKind.K, 32), TestExperiments.MUON));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void open_trainedNetwork_drawsTheImagesOfTheRun(
      String name, UNetConfig network, OptimizerConfig optimizer) throws IOException {
    ExperimentConfig experiment =
        TestExperiments.of(
            network, TestExperiments.training(4, 1, TestExperiments.budget(6), optimizer, 1e-3));
    SampleRequest request = SampleRequest.of(2);
    List<Double> losses = new ArrayList<>();
    List<Long> live = new ArrayList<>();
    float[] expected;
    try (TrainingRun run = TrainingRun.start(experiment, images(), folder);
        Scope scope = Scope.open()) {
      run.train(
          () -> false,
          report -> {
            losses.add(report.loss());
            live.add(LiveObjects.settled());
          });
      expected =
          run.model().sample(request, experiment.sampling(), SamplingListener.NONE).toFloats();
    }

    assertThat(losses).hasSize(6).allMatch(Double::isFinite);
    assertThat(live.get(5)).as("live native objects").isEqualTo(live.get(2));
    try (DiffusionModel model = DiffusionModel.open(folder);
        Scope scope = Scope.open()) {
      assertThat(model.network().config()).isEqualTo(network);
      assertThat(model.sample(request, experiment.sampling(), SamplingListener.NONE).toFloats())
          .isEqualTo(expected);
    }
  }

  private static ImageDataset images() {
    byte[] pixels = new byte[8 * 3 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37 / 11);
    }
    return InMemoryDataset.of(new ImageShape(3, 8, 8), pixels);
  }

  private static UNetConfig network(BlockKind kind, int width) {
    return new UNetConfig(
        3,
        8,
        List.of(width, width),
        List.of(kind, kind),
        MiddleKind.RESIDUAL,
        1,
        TestExperiments.unconditional().layers(),
        Optional.empty());
  }
}
