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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a file or folder holds. */
@Command(
    name = "inspect",
    description = "Say what a file of weights or the folder of a model holds, without loading it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j inspect runs/mnist",
      "  ./diffusion4j inspect ema_0.9999_500000.pt --tensors"
    })
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

  @Mixin private final JsonOutput json = new JsonOutput();

  private final Rows rows = new Rows();

  @Override
  public Integer call() throws IOException {
    json.check();
    Path place = Objects.requireNonNull(path);
    Inspection inspection = Inspection.of(place);
    rows.print("path", place);
    rows.print("kind", inspection.kind());
    if (inspection.pipeline().isPresent()) {
      DiffusersPipeline pipeline = inspection.pipeline().get();
      rows.describe(pipeline.network());
      rows.describe(pipeline.process());
    }
    inspection.family().ifPresent(rows::describe);
    for (Path file : inspection.files()) {
      rows.print("weights", String.format(Locale.ROOT, "%s, %,d bytes", file, Files.size(file)));
    }
    rows.print(
        inspection.isModel() ? "parameters" : "elements",
        inspection.elements(),
        String.format(
            Locale.ROOT, "%,d in %,d tensors", inspection.elements(), inspection.tensors().size()));
    rows.print(
        "types",
        inspection.types().entrySet().stream()
            .map(
                type ->
                    String.format(Locale.ROOT, "%s (%d tensors)", type.getKey(), type.getValue()))
            .collect(Collectors.joining(", ")));
    if (!inspection.isModel()) {
      describeForeign(place, inspection);
    }
    printNotes(inspection.notes());
    Map<String, Object> numbers = new LinkedHashMap<>(rows.tree());
    if (tensors) {
      print(inspection.tensors());
      numbers.put("tensors", inspection.tensors());
    }
    json.write(numbers);
    return 0;
  }

  /** A file alone may be of another project, whose names of tensors are known. */
  private void describeForeign(Path file, Inspection inspection) throws IOException {
    Optional<Family> family = Families.of(inspection.tensors().keySet());
    if (family.isEmpty()) {
      return;
    }
    rows.print("project", family.get().title());
    try {
      ForeignModel model = Families.read(file, Flags.parse(flags));
      rows.describe(model.network());
      rows.describe(model.process());
      model.notes().forEach(note -> rows.print("note", note));
      rows.print("to sample", String.format(Locale.ROOT, "convert --from %s --to FOLDER", file));
    } catch (UserException e) {
      rows.print("network", "unknown: " + e.getMessage());
    }
  }

  private void printNotes(Map<String, String> notes) {
    notes.entrySet().stream()
        .limit(MOST_NOTES)
        .forEach(note -> rows.print("metadata", note.getKey() + " = " + note.getValue()));
    if (notes.size() > MOST_NOTES) {
      rows.print("metadata", String.format(Locale.ROOT, "and %,d more", notes.size() - MOST_NOTES));
    }
  }

  private static void print(Map<String, TensorForm> tensors) {
    System.out.println();
    int width = tensors.keySet().stream().mapToInt(String::length).max().orElse(0);
    tensors.forEach(
        (name, form) ->
            System.out.printf(
                Locale.ROOT,
                "%s%s  %-4s  %s%n",
                Rows.printable(name),
                " ".repeat(width - name.length()),
                form.type(),
                form.shape()));
  }
}
