package io.github.diffusion4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a diffusion model draws images for a measurement.
 *
 * @param choice its sampler
 * @param label the class of all images; empty means all classes in turn
 * @param engine what evaluates its network
 */
public record DrawingOptions(
    SamplingChoice choice, Optional<Integer> label, EngineSelection engine) {
  /** Everything follows from the model, and libtorch evaluates its network. */
  public static final DrawingOptions OF_THE_MODEL = of(SamplingChoice.OF_THE_MODEL);

  /** Returns options with a sampler, and the rest as in {@link #OF_THE_MODEL}. */
  public static DrawingOptions of(SamplingChoice choice) {
    return new DrawingOptions(choice, Optional.empty(), EngineSelection.TORCH);
  }

  /** Selects what evaluates a model's network. */
  @FunctionalInterface
  public interface EngineSelection {
    /** The network itself, with libtorch. */
    EngineSelection TORCH = (model, folder) -> model;

    /**
     * Returns {@code model}, or the same {@linkplain DiffusionModel#withEngine with an engine}.
     *
     * @param folder where it was opened
     */
    DiffusionModel select(DiffusionModel model, Path folder) throws IOException;
  }
}
