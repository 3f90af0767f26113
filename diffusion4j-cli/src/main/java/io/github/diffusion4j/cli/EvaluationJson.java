package io.github.diffusion4j.cli;

import io.github.diffusion4j.EvaluationReport;
import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** An evaluation as programs read it. */
final class EvaluationJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private EvaluationJson() {}

  static void write(EvaluationReport report, Path file) throws IOException {
    AtomicFile.write(file, JSON.writeValueAsString(report) + "\n");
  }
}
