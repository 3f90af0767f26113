package io.github.diffusion4j;

import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/** A diffusion model with a way to sample it; of a conditional one, all classes in turn. */
public final class DiffusionGenerator implements ImageGenerator {
  private final DiffusionModel model;
  private final SamplingChoice choice;
  private final SamplingChoice.Way way;
  private final ImageShape shape;

  /**
   * Draws from {@code model}, which this closes.
   *
   * @throws UserException if it is not a model of images of known size, or cannot be sampled so
   */
  public DiffusionGenerator(DiffusionModel model, SamplingChoice choice) {
    if (!(model.network().config() instanceof ImageModelConfig images)) {
      throw new UserException("the model is one of points; allowed: a model of images");
    }
    model.requireSize();
    this.model = model;
    this.choice = choice;
    this.way = choice.in(model);
    this.shape = new ImageShape(images.channels(), images.size(), images.imageWidth());
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public long parameters() {
    return model.network().parameterCount();
  }

  @Override
  public String manner() {
    String source = choice.isOfTheModel() ? " as its folder says" : "";
    String spacing = choice.spacing().map(chosen -> ", " + Word.of(chosen) + " spacing").orElse("");
    String respacing = choice.respacing().map(words -> ", respacing " + words).orElse("");
    String noise = choice.eta() == 0 ? "" : ", eta " + choice.eta();
    return String.format(
        Locale.ROOT,
        "%s%s, %d steps%s%s%s",
        way.name(),
        source,
        way.steps(),
        spacing,
        respacing,
        noise);
  }

  @Override
  public Tensor draw(long first, int count, Seed seed) {
    return way.draw(new SampleRequest(seed, first, count, Optional.empty()), SamplingListener.NONE);
  }

  @Override
  public void close() {
    model.close();
  }
}
