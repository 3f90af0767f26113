package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.onnx.OnnxEngine;
import java.util.Locale;

/** What evaluates the network while samples are drawn. */
public enum InferenceEngine {
  /** libtorch. */
  TORCH,
  /** ONNX Runtime. */
  ONNX;

  /** Returns in what a model differs from those that have a form in ONNX. */
  static String unlike(DiffusionModel model) {
    return model.isOfImages() ? "with the U-Net of lucidrains" : "of points";
  }

  /** Returns {@code model} with this engine; close the returned model only. */
  public DiffusionModel start(DiffusionModel model) {
    return switch (this) {
      case TORCH -> model;
      case ONNX -> {
        if (!(model.network() instanceof UNet network)) {
          throw new UserException(
              String.format(
                  Locale.ROOT, "--engine is onnx; allowed for models %s: torch", unlike(model)));
        }
        yield model.withEngine(OnnxEngine.of(network));
      }
    };
  }
}
