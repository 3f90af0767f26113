package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.nn.UNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** What {@code --engine} allows. */
enum EngineOption {
  /** The faster engine: measured once, then remembered, for the last digits depend on it. */
  AUTO,
  /** {@link InferenceEngine#TORCH}. */
  TORCH,
  /** {@link InferenceEngine#ONNX}. */
  ONNX;

  /**
   * Returns {@code model} with the engine; close the returned model only.
   *
   * @param folder where it was opened
   * @param messages gets one line if engines are measured
   */
  DiffusionModel select(DiffusionModel model, Path folder, Consumer<String> messages)
      throws IOException {
    return switch (this) {
      case TORCH -> InferenceEngine.TORCH.start(model);
      case ONNX -> InferenceEngine.ONNX.start(model);
      case AUTO -> faster(model, folder, messages);
    };
  }

  private static DiffusionModel faster(DiffusionModel model, Path folder, Consumer<String> messages)
      throws IOException {
    if (!(model.network() instanceof UNet network) || !model.isOfKnownSize()) {
      return model;
    }
    EngineMemory memory = EngineMemory.of(folder, network.config());
    Optional<InferenceEngine> known = memory.recall();
    if (known.isPresent()) {
      return known.get().start(model);
    }
    EngineTrial trial = EngineTrial.of(network);
    Optional<Path> place = memory.remember(trial.faster());
    InferenceEngine chosen = place.isPresent() ? trial.faster() : InferenceEngine.TORCH;
    messages.accept(
        String.format(
            Locale.ROOT,
            "engine %s: %s; %s",
            Word.of(chosen),
            trial.description(),
            place.map(file -> "kept in " + file).orElse("it could not be kept")));
    return chosen.start(model);
  }
}
