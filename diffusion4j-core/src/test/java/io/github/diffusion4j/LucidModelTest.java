package io.github.diffusion4j;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.LucidUNetConfig.SelfConditioning;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.LucidNetworks;
import io.github.diffusion4j.nn.LucidUNet;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.sampling.BoundedDenoiser;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.sampling.SeededNoise;
import io.github.diffusion4j.sampling.SelfConditionedDenoiser;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The U-Net of lucidrains as a network like the others: stored, sampled, trained. */
class LucidModelTest {
  private static final ExperimentConfig EXPERIMENT = TestExperiments.steps(3);
  private static final ProcessConfig PROCESS = EXPERIMENT.process();
  private static final SamplingConfig SAMPLING = EXPERIMENT.sampling();

  @TempDir Path folder;

  @Test
  void folder_writtenAndRead_isBitExactAndNotOfPython() throws IOException {
    ModelConfig config = LucidNetworks.small(SelfConditioning.LAST_ESTIMATE);
    try (Network network = Network.of(config, Seed.of(1));
        Scope scope = Scope.open()) {
      DiffusersPipeline.write(folder, config, PROCESS, network.parameters());
      try (Network read = DiffusersPipeline.read(folder).load()) {

        assertThat(read.config()).isEqualTo(config);
        assertThat(read.parameters().keySet()).isEqualTo(network.parameters().keySet());
        network
            .parameters()
            .forEach(
                (name, value) ->
                    assertThat(requireNonNull(read.parameters().get(name)).toBytes())
                        .isEqualTo(value.toBytes()));
      }
    }
    assertThat(Files.readString(folder.resolve("model_index.json")))
        .doesNotContain("DDPMPipeline", "UNet2DModel");
  }

  @Test
  void sample_ofSelfConditionedModel_showsTheNetworkItsBoundedEstimate() {
    try (Network network =
            new LucidUNet(LucidNetworks.small(SelfConditioning.LAST_ESTIMATE), Seed.of(1));
        Scope scope = Scope.open();
        SelfConditionedDenoiser shown =
            new SelfConditionedDenoiser(
                last ->
                    BoundedDenoiser.clipping(
                        new NetworkDenoiser(
                            (xt, time) -> answer(network, last, xt, time),
                            FromConfig.prediction(PROCESS)),
                        1))) {
      DiffusionModel model = new DiffusionModel(network, PROCESS);
      SampleRequest request = SampleRequest.of(2);

      Tensor samples = model.sample(request, SAMPLING, SamplingListener.NONE);
      Tensor again = model.sample(request, SAMPLING, SamplingListener.NONE);
      Tensor expected =
          Samplers.of(SAMPLING, PROCESS)
              .sample(shown, new SeededNoise(Seed.of(0), 0), SamplingListener.NONE, 2, 1, 8, 8);
      Tensor blind =
          Samplers.of(SAMPLING, PROCESS)
              .sample(
                  model.denoiser(Optional.empty(), ProcessConfig.X0Range.CLIP_TO_DATA),
                  new SeededNoise(Seed.of(0), 0),
                  SamplingListener.NONE,
                  2,
                  1,
                  8,
                  8);

      assertThat(samples.toFloats()).isEqualTo(expected.clamp(-1, 1).toFloats());
      assertThat(again.toFloats()).isEqualTo(samples.toFloats());
      assertThat(blind.toFloats()).isNotEqualTo(samples.toFloats());
    }
  }

  @Test
  void sample_repeated_keepsNoNativeMemory() {
    try (DiffusionModel model =
        new DiffusionModel(
            new LucidUNet(LucidNetworks.small(SelfConditioning.LAST_ESTIMATE), Seed.of(1)),
            PROCESS)) {
      long[] alive = new long[2];
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3; i++) {
          try (Scope scope = Scope.open()) {
            model.sample(SampleRequest.of(1), SAMPLING, SamplingListener.NONE);
          }
        }
        alive[round] = LiveObjects.settled();
      }
      assertThat(alive[1]).isEqualTo(alive[0]);
    }
  }

  @Test
  void trainingRun_ofRecipeWithSuchANetwork_learnsAndIsSampled() throws IOException {
    ExperimentConfig config =
        TestExperiments.of(LucidNetworks.small(SelfConditioning.NONE), EXPERIMENT.training());
    Path recipe = folder.resolve("recipe.json");
    ConfigFiles.write(recipe, config);

    assertThat(ConfigFiles.read(recipe)).isEqualTo(config);
    try (TrainingRun run =
        TrainingRun.start(config, TestExperiments.images(8), folder.resolve("run"))) {
      run.train(() -> false, report -> assertThat(report.loss()).isFinite());
    }
    try (DiffusionModel model = DiffusionModel.open(folder.resolve("run"));
        Scope scope = Scope.open()) {
      assertThat(model.isOfImages()).isTrue();
      assertThat(model.network().config()).isEqualTo(config.model());
      assertThat(model.sample(SampleRequest.of(2), SAMPLING, SamplingListener.NONE).shape())
          .containsExactly(2, 1, 8, 8);
    }
  }

  private static Tensor answer(Network network, Optional<Tensor> last, Tensor xt, Tensor time) {
    Tensor x = last.map(x0Hat -> Tensor.cat(List.of(x0Hat, xt), 1)).orElse(xt);
    return network.forward(x, time, Optional.empty(), Dropout.NONE);
  }
}
