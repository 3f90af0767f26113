package io.github.diffusion4j;

import io.github.diffusion4j.baseline.Baseline;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.torch.EngineCheck;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/** A model that is no diffusion model, as a source of images. */
public final class BaselineGenerator implements ImageGenerator {
  private final Baseline model;

  /** Draws from {@code model}, which this closes. */
  public BaselineGenerator(Baseline model) {
    this.model = model;
  }

  /** Refuses a choice of steps where there are none. */
  static void requireNone(SamplingChoice choice, String family) {
    if (!choice.equals(SamplingChoice.OF_THE_MODEL)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--sampler, --steps, --eta or --spacing is given, but a %s draws in one pass; allowed: none of them",
              family));
    }
  }

  @Override
  public ImageShape shape() {
    return Datasets.shape(model.config());
  }

  @Override
  public long parameters() {
    return model.parameterCount();
  }

  @Override
  public Tensor draw(long first, int count, Seed seed) {
    EngineCheck.require();
    return model.draw(first, count, seed);
  }

  @Override
  public void close() {
    model.close();
  }
}
