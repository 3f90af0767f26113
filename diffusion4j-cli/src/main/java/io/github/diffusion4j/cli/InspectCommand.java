package io.github.diffusion4j.cli;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Inspection;
import io.github.diffusion4j.checkpoint.TensorForm;
import io.github.diffusion4j.config.Extent;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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

  @Override
  public Integer call() throws IOException {
    Path place = Objects.requireNonNull(path);
    Inspection inspection = Inspection.of(place);
    row("path", place);
    row("kind", inspection.kind());
    if (inspection.pipeline().isPresent()) {
      DiffusersPipeline pipeline = inspection.pipeline().get();
      describe(pipeline.network());
      describe(pipeline.process());
    }
    for (Path file : inspection.files()) {
      row("weights", "%s, %,d bytes".formatted(file, Files.size(file)));
    }
    row(
        inspection.pipeline().isPresent() ? "parameters" : "elements",
        "%,d in %,d tensors".formatted(inspection.elements(), inspection.tensors().size()));
    row(
        "types",
        inspection.types().entrySet().stream()
            .map(type -> "%s (%d tensors)".formatted(type.getKey(), type.getValue()))
            .collect(Collectors.joining(", ")));
    printNotes(inspection.notes());
    if (tensors) {
      print(inspection.tensors());
    }
    return 0;
  }

  private static void describe(ModelConfig config) {
    if (config instanceof UNetConfig unet) {
      row("network", "U-Net, diffusers' UNet2DModel");
      row("images", images(unet));
      row("widths", list(unet.widths()));
      row("levels", list(unet.blocks().stream().map(Word::of).toList()));
      row("middle", Word.of(unet.middle()));
      row("blocks per level", unet.blocksPerLevel());
      row("outputs", unet.outputs() + " channels");
    } else if (config instanceof MlpConfig mlp) {
      row("network", "multilayer perceptron for points, of diffusion4j");
      row("points", mlp.dimensions() + " dimensions");
      row("width", mlp.width());
      row("depth", mlp.depth());
    }
    row("classes", config.classes().map(Object::toString).orElse("none"));
  }

  private static String images(UNetConfig unet) {
    String size =
        unet.extent().orElse(null) instanceof Extent.Unknown
            ? "of a size that is not said"
            : unet.size() + " x " + unet.imageWidth();
    return "%s, %d channels".formatted(size, unet.channels());
  }

  private static void describe(ProcessConfig process) {
    row("schedule", schedule(process.schedule()));
    row("steps", process.schedule().steps());
    row("prediction", Word.of(process.prediction()));
    row("variance", Word.of(process.variance()));
    row("range of x0", Word.of(process.x0Range()));
  }

  private static String schedule(ScheduleConfig schedule) {
    if (schedule instanceof ScheduleConfig.ZeroTerminalSnr rescaled) {
      return schedule(rescaled.of()) + ", moved to zero terminal SNR";
    }
    if (schedule instanceof ScheduleConfig.Linear linear) {
      return "linear, beta %s to %s".formatted(linear.betaStart(), linear.betaEnd());
    }
    if (schedule instanceof ScheduleConfig.ScaledLinear scaled) {
      return "scaled linear, beta %s to %s".formatted(scaled.betaStart(), scaled.betaEnd());
    }
    if (schedule instanceof ScheduleConfig.SigmoidBeta sigmoid) {
      return "sigmoid, beta %s to %s".formatted(sigmoid.betaStart(), sigmoid.betaEnd());
    }
    if (schedule instanceof ScheduleConfig.Edm edm) {
      return "EDM's, sigma %s to %s, data of deviation %s"
          .formatted(edm.sigmaMin(), edm.sigmaMax(), edm.dataDeviation());
    }
    if (schedule instanceof ScheduleConfig.Table table) {
      return "a table of betas, %s to %s"
          .formatted(table.betas().get(0), table.betas().get(table.steps() - 1));
    }
    return schedule
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=.)([A-Z])", " $1")
        .toLowerCase(Locale.ROOT);
  }

  private static void printNotes(Map<String, String> notes) {
    notes.entrySet().stream()
        .limit(MOST_NOTES)
        .forEach(note -> row("metadata", note.getKey() + " = " + note.getValue()));
    if (notes.size() > MOST_NOTES) {
      row("metadata", "and %,d more".formatted(notes.size() - MOST_NOTES));
    }
  }

  private static void print(Map<String, TensorForm> tensors) {
    System.out.println();
    int width = tensors.keySet().stream().mapToInt(String::length).max().orElse(0);
    tensors.forEach(
        (name, form) ->
            System.out.printf(
                "%s%s  %-4s  %s%n",
                printable(name), " ".repeat(width - name.length()), form.type(), form.shape()));
  }

  private static String list(List<?> items) {
    return items.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static void row(String name, Object value) {
    System.out.printf("%-17s %s%n", name, printable(value.toString()));
  }

  /** A file must not move the cursor or color the terminal of the one who looks at it. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
