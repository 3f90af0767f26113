package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.UNetConfig;
import java.util.Locale;

/**
 * A few lines of Python that draw an image with Hugging Face diffusers from the folder of a model.
 *
 * @param network a network that diffusers knows
 * @param scheduler how it is sampled
 * @param steps T, the steps of the process
 */
public record PythonExample(UNetConfig network, PublishedScheduler scheduler, int steps) {
  private static final int FEWER_STEPS = 50;

  /** Returns the lines for the model in {@code folder}. */
  public String of(String folder) {
    if (isForThePipeline()) {
      return String.format(
          Locale.ROOT,
          """
          from diffusers import DDPMPipeline

          DDPMPipeline.from_pretrained("%s")(batch_size=1).images[0].save("sample.png")
          """,
          folder);
    }
    return String.format(
        Locale.ROOT,
        """
          import torch
          from diffusers import UNet2DModel, %2$s
          from PIL import Image

          unet = UNet2DModel.from_pretrained("%1$s", subfolder="unet")
          scheduler = %2$s.from_pretrained("%1$s", subfolder="scheduler")
          scheduler.set_timesteps(%3$d)
          x = torch.randn(%4$s) * scheduler.init_noise_sigma
          with torch.no_grad():
              for t in scheduler.timesteps:
                  output = unet(scheduler.scale_model_input(x, t), t%5$s).sample%6$s
                  x = scheduler.step(output, t, x).prev_sample
          pixels = ((x[0].clamp(-1, 1) + 1) * 127.5).round().byte()
          Image.fromarray(pixels%7$s.numpy()).save("sample.png")
          """,
        folder,
        scheduler.solver().className(),
        isAncestral() ? steps : Math.min(steps, FEWER_STEPS),
        String.format(
            Locale.ROOT, "1, %d, %d, %d", network.channels(), network.size(), network.imageWidth()),
        network.classes().isPresent() ? ", class_labels=torch.tensor([0])" : "",
        isAncestral() || network.outputs() == network.channels()
            ? ""
            : String.format(Locale.ROOT, "[:, :%d]", network.channels()),
        network.channels() == 1 ? "[0]" : ".permute(1, 2, 0)");
  }

  /** DDPMPipeline has no argument for the class, and does what DDPMScheduler needs and no more. */
  private boolean isForThePipeline() {
    return isAncestral() && network.classes().isEmpty();
  }

  private boolean isAncestral() {
    return scheduler.solver() == PublishedSolver.Plain.DDPM;
  }
}
