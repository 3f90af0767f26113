package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that name a scheduler are opened, and sampled from as it says. */
class NewSchedulerFoldersTest {
  @TempDir private Path folder = Path.of(".");

  @ParameterizedTest
  @CsvSource({
    "KDPM2Discrete, kdpm2, 50",
    "KDPM2AncestralDiscrete, kdpm2-ancestral, 50",
    "DPMSolverSDE, DPMSolverSDEScheduler, 50",
    "IPNDM, ipndm, 50",
    "SASolver, SASolverScheduler, 50",
    "LCM, LCMScheduler, 4",
    "TCD, TCDScheduler, 4",
    "CMStochasticIterative, CMStochasticIterativeScheduler, 4",
    "DDIMParallel, ddim-parallel, 50",
    "DDPMParallel, ddpm-parallel, 1000"
  })
  void in_folderOfTheClass_isItsSamplerWithItsSteps(String name, String way, int steps)
      throws Exception {
    try (DiffusionModel model = DiffusionModel.open(folderOf(name, ""));
        Scope scope = Scope.open()) {
      SamplingChoice.Way usual = SamplingChoice.OF_THE_MODEL.in(model);
      SamplingChoice few =
          new SamplingChoice(Optional.empty(), Optional.of(3), 0, Optional.empty());

      Tensor images = few.in(model).draw(SampleRequest.of(2), SamplingListener.NONE);

      assertThat(usual.name()).isEqualTo(way);
      assertThat(usual.steps()).isEqualTo(steps);
      assertThat(images.shape()).containsExactly(2, 3, 8, 8);
      assertThat(images.abs().sum().item()).isFinite().isPositive();
    }
  }

  /** TCD without η has the γ of diffusers' steps, and can be given another. */
  @Test
  void in_folderOfTcd_etaIsGamma() throws Exception {
    try (DiffusionModel model = DiffusionModel.open(folderOf("TCD", ""));
        Scope scope = Scope.open()) {
      float[] usual = drawn(model, 0);

      assertThat(usual).isEqualTo(drawn(model, 0.3));
      assertThat(usual).isNotEqualTo(drawn(model, 1));
    }
  }

  private static float[] drawn(DiffusionModel model, double eta) {
    return new SamplingChoice(Optional.empty(), Optional.of(4), eta, Optional.empty())
        .in(model)
        .draw(SampleRequest.of(2), SamplingListener.NONE)
        .toFloats();
  }

  @Test
  void in_folderOfLcm_moreStepsThanItKnows_isRefused() throws Exception {
    try (DiffusionModel model =
            DiffusionModel.open(folderOf("LCM", ", \"original_inference_steps\": 10"));
        Scope scope = Scope.open()) {
      SamplingChoice many =
          new SamplingChoice(Optional.empty(), Optional.of(11), 0, Optional.empty());

      assertThatThrownBy(() -> many.in(model).draw(SampleRequest.of(1), SamplingListener.NONE))
          .isInstanceOf(UserException.class)
          .hasMessage("steps are 11; allowed for LCMScheduler: 1…10, its original_inference_steps");
    }
  }

  /** They take images to noise; whoever wants images anyway names a sampler. */
  @ParameterizedTest
  @ValueSource(strings = {"DDIMInverse", "DPMSolverMultistepInverse"})
  void invert_folderOfAnInverse_goesUpTheLevels(String name) throws Exception {
    try (DiffusionModel model = DiffusionModel.open(folderOf(name, ", \"clip_sample\": false"));
        Scope scope = Scope.open()) {
      SamplingChoice ddim =
          new SamplingChoice(
              Optional.of(SamplingConfig.Sampler.DDIM), Optional.of(3), 0, Optional.empty());
      Tensor images = ddim.in(model).draw(SampleRequest.of(2), SamplingListener.NONE);

      List<Double> sigmas = new ArrayList<>();

      Tensor noise =
          model.invert(images, Optional.empty(), 20, step -> sigmas.add(step.level().sigma()));

      assertThat(noise.shape()).containsExactly(images.shape());
      assertThat(noise.sum().item()).isFinite();
      assertThat(sigmas).hasSize(20).isSorted();
      assertThatThrownBy(() -> SamplingChoice.OF_THE_MODEL.in(model))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "the model's folder names %sScheduler, which takes images to noise; allowed for sampling: --sampler ddim"
                  .formatted(name));
    }
  }

  @Test
  void invert_folderOfASampler_isRefused() throws Exception {
    try (DiffusionModel model = DiffusionModel.open(folderOf("DDIM", ""));
        Scope scope = Scope.open()) {
      Tensor images = Tensor.zeros(1, 3, 8, 8);

      assertThatThrownBy(() -> model.invert(images, Optional.empty(), 5, SamplingListener.NONE))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "DDIMScheduler takes noise to images; allowed for the inverse: DDIMInverseScheduler, DPMSolverMultistepInverseScheduler");
    }
  }

  /** The small published network with another scheduler. */
  private Path folderOf(String name, String options) throws IOException, URISyntaxException {
    Files.writeString(folder.resolve("model_index.json"), "{}");
    Files.writeString(
        folder.resolve("scheduler_config.json"),
        "{\"_class_name\": \"%sScheduler\"%s}".formatted(name, options));
    for (String file : new String[] {"config.json", "diffusion_pytorch_model.safetensors"}) {
      Files.copy(
          Path.of(
              Objects.requireNonNull(
                      NewSchedulerFoldersTest.class.getResource("/golden/unet/tiny/" + file))
                  .toURI()),
          folder.resolve(file));
    }
    return folder;
  }
}
