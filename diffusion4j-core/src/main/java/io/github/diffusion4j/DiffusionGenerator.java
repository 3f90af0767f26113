package io.github.diffusion4j;

import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/** A diffusion model with a way to sample it; of a conditional one, all classes in turn. */
public final class DiffusionGenerator implements ImageGenerator {
  private final DiffusionModel model;
  private final SamplingChoice.Way way;
  private final ImageShape shape;
  private final Optional<Integer> label;

  /**
   * Draws from {@code model}, which this closes.
   *
   * @throws UserException if it is not a model of images of known size, or cannot be sampled so
   */
  public DiffusionGenerator(DiffusionModel model, SamplingChoice choice) {
    this(model, choice, Optional.empty());
  }

  /**
   * As the other, with all images of one class.
   *
   * @param label the class; empty means all in turn
   */
  public DiffusionGenerator(DiffusionModel model, SamplingChoice choice, Optional<Integer> label) {
    ImageModelConfig images = requireImages(model);
    this.model = model;
    this.label = label;
    this.way = choice.in(model);
    this.shape = new ImageShape(images.channels(), images.size(), images.imageWidth());
  }

  /**
   * Returns the network's configuration; refuses a model that is not one of images of known size.
   */
  static ImageModelConfig requireImages(DiffusionModel model) {
    if (!(model.network().config() instanceof ImageModelConfig images)) {
      throw new UserException("the model is one of points; allowed: a model of images");
    }
    model.requireSize();
    return images;
  }

  /** Returns how it is sampled. */
  public SamplingChoice.Way way() {
    return way;
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
    return way.manner() + details();
  }

  @Override
  public String description() {
    boolean isDefault = way.source() == SamplingChoice.Source.DEFAULT;
    return way.manner() + (isDefault ? " (default)" : "") + details();
  }

  private String details() {
    String drawn = label.map(text -> String.format(Locale.ROOT, ", class %d", text)).orElse("");
    return String.format(Locale.ROOT, "%s, engine %s", drawn, model.engineName());
  }

  @Override
  public Tensor draw(long first, int count, Seed seed) {
    return way.draw(new SampleRequest(seed, first, count, label), SamplingListener.NONE);
  }

  @Override
  public void close() {
    model.close();
  }
}
