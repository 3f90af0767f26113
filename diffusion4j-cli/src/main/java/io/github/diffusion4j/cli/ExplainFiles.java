package io.github.diffusion4j.cli;

import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.image.Png;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a verb that explains something puts its picture and its numbers. */
final class ExplainFiles {
  @Option(names = "--out", paramLabel = "FILE", description = "Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "The numbers behind the picture; default: not written.")
  private @Nullable Path csv;

  @Mixin private final JsonOutput json = new JsonOutput();

  ExplainFiles(String picture) {
    this.out = Path.of(picture);
  }

  /** Refuses names that do not say PNG, and places that take no file, before any work is done. */
  void check() throws IOException {
    if (!FileEnding.is(out, ".png")) {
      throw Arguments.wrong("--out", out, "a name ending in .png");
    }
    OutputFile.require("--out", out);
    if (csv != null) {
      OutputFile.require("--csv", csv);
    }
    json.check();
  }

  void write(BufferedImage picture, Csv numbers) throws IOException {
    Png.write(picture, out);
    System.out.println("wrote " + out);
    if (csv != null) {
      write(numbers, csv);
    }
    json.write(numbers.columns());
  }

  static void write(Csv numbers, Path file) throws IOException {
    numbers.write(file);
    System.out.println("wrote " + file);
  }
}
