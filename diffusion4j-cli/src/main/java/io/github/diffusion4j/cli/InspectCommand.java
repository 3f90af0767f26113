package io.github.diffusion4j.cli;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Inspection;
import io.github.diffusion4j.checkpoint.TensorForm;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.foreign.Families;
import io.github.diffusion4j.foreign.Family;
import io.github.diffusion4j.foreign.Flags;
import io.github.diffusion4j.foreign.ForeignModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a file or folder holds. */
@Command(
    name = "inspect",
    description = "Say what a file of weights or the folder of a model holds, without loading it.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final int MOST_NOTES = 20;

  @Parameters(
      paramLabel = "PATH",
      description =
          "A safetensors or PyTorch file, a folder of Hugging Face diffusers, or a run directory.")
  private @Nullable Path path;

  @Option(names = "--tensors", description = "Also print type and shape of each tensor.")
  private boolean tensors;

  @Option(
      names = "--flags",
      paramLabel = "FLAGS",
      description = "For a file of another project: what it does not say, see convert.")
  private String flags = "";

  @Override
  public Integer call() throws IOException {
    Path place = Objects.requireNonNull(path);
    Inspection inspection = Inspection.of(place);
    Rows.print("path", place);
    Rows.print("kind", inspection.kind());
    if (inspection.pipeline().isPresent()) {
      DiffusersPipeline pipeline = inspection.pipeline().get();
      Rows.describe(pipeline.network());
      Rows.describe(pipeline.process());
    }
    inspection.family().ifPresent(Rows::describe);
    for (Path file : inspection.files()) {
      Rows.print("weights", "%s, %,d bytes".formatted(file, Files.size(file)));
    }
    Rows.print(
        inspection.isModel() ? "parameters" : "elements",
        "%,d in %,d tensors".formatted(inspection.elements(), inspection.tensors().size()));
    Rows.print(
        "types",
        inspection.types().entrySet().stream()
            .map(type -> "%s (%d tensors)".formatted(type.getKey(), type.getValue()))
            .collect(Collectors.joining(", ")));
    if (!inspection.isModel()) {
      describeForeign(place, inspection);
    }
    printNotes(inspection.notes());
    if (tensors) {
      print(inspection.tensors());
    }
    return 0;
  }

  /** A file alone may be of another project, whose names of tensors are known. */
  private void describeForeign(Path file, Inspection inspection) throws IOException {
    Optional<Family> family = Families.of(inspection.tensors().keySet());
    if (family.isEmpty()) {
      return;
    }
    Rows.print("project", family.get().title());
    try {
      ForeignModel model = Families.read(file, Flags.parse(flags));
      Rows.describe(model.network());
      Rows.describe(model.process());
      model.notes().forEach(note -> Rows.print("note", note));
      Rows.print("to sample", "convert --from %s --to FOLDER".formatted(file));
    } catch (UserException e) {
      Rows.print("network", "unknown: " + e.getMessage());
    }
  }

  private static void printNotes(Map<String, String> notes) {
    notes.entrySet().stream()
        .limit(MOST_NOTES)
        .forEach(note -> Rows.print("metadata", note.getKey() + " = " + note.getValue()));
    if (notes.size() > MOST_NOTES) {
      Rows.print("metadata", "and %,d more".formatted(notes.size() - MOST_NOTES));
    }
  }

  private static void print(Map<String, TensorForm> tensors) {
    System.out.println();
    int width = tensors.keySet().stream().mapToInt(String::length).max().orElse(0);
    tensors.forEach(
        (name, form) ->
            System.out.printf(
                "%s%s  %-4s  %s%n",
                Rows.printable(name),
                " ".repeat(width - name.length()),
                form.type(),
                form.shape()));
  }
}
