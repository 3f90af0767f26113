package io.github.diffusion4j.cli;

import io.github.diffusion4j.ModelConversion;
import io.github.diffusion4j.ModelConversion.Precision;
import io.github.diffusion4j.checkpoint.Average;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.foreign.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a folder of Hugging Face diffusers of any model that can be read. */
@Command(
    name = "convert",
    description =
        "Make a folder in the layout of Hugging Face diffusers of a model: a run directory, a checkpoint, a diffusers folder of any form, or a file of another project.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j convert --from runs/mnist --to mnist-f16 --dtype f16",
      "  ./diffusion4j convert --from ema.pt --to cifar --flags \"--image_size 32\""
    })
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
          "How the weights are written, ${COMPLETION-CANDIDATES}; default: f32. Computations are in f32 here.")
  private Precision precision = Precision.F32;

  @Option(
      names = "--ema",
      description =
          "${COMPLETION-CANDIDATES}: the averaged weights, or the last ones beside them. Default: what would be sampled with.")
  private @Nullable Average average;

  @Mixin private final JsonOutput json = new JsonOutput();

  @Override
  public Integer call() throws IOException {
    Path source = Objects.requireNonNull(from);
    Path target = Objects.requireNonNull(to);
    OutputFile.requireFolder("--to", target);
    json.check();
    ModelConversion conversion =
        ModelConversion.open(source, Flags.parse(flags), Optional.ofNullable(average));
    long parameters = conversion.write(target, precision);
    Rows rows = new Rows();
    rows.print("found", conversion.origin());
    rows.describe(conversion.network());
    rows.describe(conversion.process());
    rows.print("parameters", parameters, String.format(Locale.ROOT, "%,d", parameters));
    conversion.notes().forEach(note -> rows.print("note", note));
    rows.print(
        "written",
        String.format(Locale.ROOT, "%s, %s, %,d bytes", target, Word.of(precision), bytes(target)));
    Optional<String> python = conversion.python(target);
    rows.print(
        "Python",
        python.isPresent()
            ? "opens it with diffusers:"
            : "cannot open it: diffusers has no such network. It opens here");
    python.ifPresent(lines -> System.out.print("\n" + lines.replaceAll("(?m)^(?=.)", "    ")));
    json.write(rows.tree());
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
