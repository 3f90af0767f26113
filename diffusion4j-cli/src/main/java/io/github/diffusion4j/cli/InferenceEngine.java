package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.onnx.OnnxEngine;
import java.util.Optional;

/** What computes the network while samples are drawn. */
public enum InferenceEngine {
  /** libtorch. */
  TORCH,
  /** ONNX Runtime. */
  ONNX;

  /**
   * A model that is asked through an engine, and what the engine holds beside it.
   *
   * @param model the model
   * @param engine what has to be freed
   */
  public record Running(DiffusionModel model, Optional<OnnxEngine> engine)
      implements AutoCloseable {
    /** Frees the engine, not the model. */
    @Override
    public void close() {
      engine.ifPresent(OnnxEngine::close);
    }
  }

  /** Returns in what a model differs from those that have a form in ONNX. */
  static String unlike(DiffusionModel model) {
    return model.isOfImages() ? "with the U-Net of lucidrains" : "of points";
  }

  /** Returns {@code model}, which the caller goes on to own, asked through this engine. */
  public Running start(DiffusionModel model) {
    return switch (this) {
      case TORCH -> new Running(model, Optional.empty());
      case ONNX -> {
        if (!(model.network() instanceof UNet network)) {
          throw new UserException(
              "--engine is onnx; allowed for models %s: torch".formatted(unlike(model)));
        }
        OnnxEngine engine = OnnxEngine.of(network);
        yield new Running(model.askedThrough(engine), Optional.of(engine));
      }
    };
  }
}
