package io.github.diffusion4j.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of all verbs that need a trained model. */
final class ModelOption {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "A run directory, a checkpoint, or any diffusers folder.")
  private Path path = Path.of(".");

  Path path() {
    return path;
  }
}
