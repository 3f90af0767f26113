package io.github.diffusion4j.cli;

import io.github.diffusion4j.ModelConversion;
import io.github.diffusion4j.ModelConversion.Precision;
import io.github.diffusion4j.checkpoint.Average;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.foreign.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a folder of Hugging Face diffusers of any model that can be read. */
@Command(
    name = "convert",
    description =
        "Make a folder in the layout of Hugging Face diffusers of a model: a run directory, a checkpoint, a diffusers folder of any form, or a file of another project.",
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "PATH",
      description =
          "A run directory, a checkpoint, any diffusers folder, or a .pt, .pth or .safetensors file of another project.")
  private @Nullable Path from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FOLDER",
      description = "The folder to make; it must be new, or empty.")
  private @Nullable Path to;

  @Option(
      names = "--flags",
      paramLabel = "FLAGS",
      description =
          "What a file of another project does not say itself, as its programs are told: \"--image_size 64 --diffusion_steps 4000\".")
  private String flags = "";

  @Option(
      names = "--dtype",
      description =
          "How the weights are written, ${COMPLETION-CANDIDATES}; default: f32. Computations are in f32 here.",
      converter = PrecisionName.class,
      completionCandidates = PrecisionName.class)
  private Precision precision = Precision.F32;

  @Option(
      names = "--ema",
      description =
          "${COMPLETION-CANDIDATES}: the averaged weights, or the last ones beside them. Default: what would be sampled with.",
      converter = AverageName.class,
      completionCandidates = AverageName.class)
  private @Nullable Average average;

  /** The words for precisions. */
  static final class PrecisionName extends Words<Precision> {
    PrecisionName() {
      super(Precision.class, "--dtype");
    }
  }

  /** The words for weights. */
  static final class AverageName extends Words<Average> {
    AverageName() {
      super(Average.class, "--ema");
    }
  }

  @Override
  public Integer call() throws IOException {
    Path source = Objects.requireNonNull(from);
    Path target = Objects.requireNonNull(to);
    ModelConversion conversion =
        ModelConversion.open(source, Flags.parse(flags), Optional.ofNullable(average));
    long parameters = conversion.write(target, precision);
    Rows.print("found", conversion.origin());
    Rows.describe(conversion.network());
    Rows.describe(conversion.process());
    Rows.print("parameters", "%,d".formatted(parameters));
    conversion.notes().forEach(note -> Rows.print("note", note));
    Rows.print("written", "%s, %s, %,d bytes".formatted(target, Word.of(precision), bytes(target)));
    Rows.print(
        "Python",
        conversion.opensInPython()
            ? "DDPMPipeline.from_pretrained(\"%s\") opens it".formatted(target)
            : "cannot open it: diffusers has no such network. It opens here");
    return 0;
  }

  private static long bytes(Path folder) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
