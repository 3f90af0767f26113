package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines themselves were run with diffusers; here is which of them a model gets. */
class PythonExampleTest {
  private static String lines(PublishedSolver solver, String... changes) {
    ExperimentConfig config = Overrides.apply(Presets.load("cifar10-small"), List.of(changes));
    PublishedScheduler usual = PublishedScheduler.usual(config.process());
    PublishedScheduler scheduler =
        new PublishedScheduler(
            solver, usual.spacing(), usual.offset(), usual.sigmas(), usual.end(), usual.bound());
    return new PythonExample(config.unet(), scheduler, config.process().schedule().steps())
        .of("my/model");
  }

  @Test
  void of_plainModel_isOneCallOfThePipeline() {
    assertThat(lines(PublishedSolver.Plain.DDPM))
        .contains("DDPMPipeline.from_pretrained(\"my/model\")(batch_size=1)")
        .doesNotContain("UNet2DModel");
  }

  /** DDPMPipeline has no argument for the class. */
  @Test
  void of_classes_isALoopWithTheClass() {
    assertThat(lines(PublishedSolver.Plain.DDPM, "model.classes=10"))
        .contains("UNet2DModel.from_pretrained(\"my/model\", subfolder=\"unet\")")
        .contains("class_labels=torch.tensor([0])", "set_timesteps(1000)", "randn(1, 3, 32, 32)")
        .doesNotContain("Pipeline");
  }

  /** DDPMPipeline neither scales the input nor the first noise, which these need. */
  @Test
  void of_anotherScheduler_isALoopWithThatScheduler() {
    assertThat(lines(PublishedSolver.Plain.EDM_EULER))
        .contains("import UNet2DModel, EDMEulerScheduler", "set_timesteps(50)")
        .contains("scale_model_input(x, t), t).sample", "init_noise_sigma")
        .doesNotContain("class_labels");
  }
}
