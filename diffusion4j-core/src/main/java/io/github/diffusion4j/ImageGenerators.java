package io.github.diffusion4j;

import io.github.diffusion4j.baseline.Baseline;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens whatever draws images from the folder that it lies in. */
public final class ImageGenerators {
  private ImageGenerators() {}

  /**
   * Opens a checkpoint, a run directory (its latest checkpoint) or a diffusers folder, of a
   * diffusion model or of another family.
   *
   * @param choice how a diffusion model is sampled
   * @throws UserException if the folder holds no model of images, or it cannot be sampled so
   */
  public static ImageGenerator open(Path folder, SamplingChoice choice) throws IOException {
    Path resolved = ModelSource.resolve(folder);
    Optional<String> family = BaselineFolder.family(resolved);
    if (family.isPresent()) {
      BaselineGenerator.requireNone(choice, family.get());
      return new BaselineGenerator(Baseline.open(resolved));
    }
    DiffusionModel model = DiffusionModel.open(resolved);
    try {
      return new DiffusionGenerator(model, choice);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}
