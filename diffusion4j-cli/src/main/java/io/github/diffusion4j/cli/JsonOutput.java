package io.github.diffusion4j.cli;

import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The option of all verbs that print numbers: the same numbers for programs. */
public final class JsonOutput {
  private static final String NAME = "--json";
  private static final Path STANDARD_OUTPUT = Path.of("-");

  /** In ASCII, since a terminal may have any encoding. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec verb;

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description = "Write all numbers to this file; - for the standard output and nothing else.")
  private @Nullable Path file;

  /** Returns whether a verb was given {@code --json -}. */
  static boolean isStandardOutput(CommandSpec verb) {
    OptionSpec option = verb.findOption(NAME);
    return option != null && STANDARD_OUTPUT.equals(option.getValue());
  }

  /** Returns the file that was asked for, if any. */
  public @Nullable Path file() {
    return file;
  }

  /** Checks, before the work is done, that the file can be written. */
  public void check() throws IOException {
    if (file != null && !STANDARD_OUTPUT.equals(file)) {
      OutputFile.require(NAME, file);
    }
  }

  /** Writes the numbers, a map or a record, if they were asked for. */
  public void write(Object numbers) throws IOException {
    if (file == null) {
      return;
    }
    String text = JSON.writeValueAsString(numbers) + "\n";
    if (STANDARD_OUTPUT.equals(file)) {
      PrintWriter out = Objects.requireNonNull(verb).commandLine().getOut();
      out.print(text);
      out.flush();
    } else {
      AtomicFile.write(file, text);
    }
  }
}
