package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.onnx.OnnxEngine;
import io.github.diffusion4j.onnx.OnnxExport;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the network of a trained model for other programs. */
@Command(
    name = "export",
    description = "Write the network of a trained model for other programs.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  private static final double TOLERANCE = 1e-4;

  /** The formats that other programs read. */
  enum Format {
    ONNX
  }

  @Mixin private final ModelOption source = new ModelOption();

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES}; default: onnx.",
      converter = FormatName.class,
      completionCandidates = FormatName.class)
  private Format format = Format.ONNX;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write, such as unet.onnx.")
  private Path out = Path.of(".");

  /** The words for formats. */
  static final class FormatName extends Words<Format> {
    FormatName() {
      super(Format.class, "--format");
    }
  }

  @Override
  public Integer call() throws IOException {
    if (Files.isDirectory(out)) {
      throw new UserException("--out is the directory %s; allowed: a file".formatted(out));
    }
    try (DiffusionModel opened = DiffusionModel.open(source.path())) {
      if (!(opened.network() instanceof UNet network)) {
        throw new UserException(
            "%s is a model of points; allowed: a model of images".formatted(source.path()));
      }
      double difference =
          switch (format) {
            case ONNX -> exportOnnx(network);
          };
      System.out.printf(
          Locale.ROOT,
          "%,d parameters, %,d bytes; ONNX Runtime and libtorch differ by %.1e: %s%n",
          network.parameterCount(),
          Files.size(out),
          difference,
          out);
    }
    return 0;
  }

  /** Writes the file, opens it again, and returns by how much its answer is another. */
  private double exportOnnx(UNet network) throws IOException {
    OnnxExport.write(network, out);
    double difference;
    try (OnnxEngine engine = OnnxEngine.open(out)) {
      difference = difference(network, engine);
    }
    if (!(difference < TOLERANCE)) {
      Files.delete(out);
      throw new IllegalStateException(
          "ONNX Runtime differs from libtorch by %.1e of the largest output".formatted(difference));
    }
    return difference;
  }

  /** The largest difference of the two engines' answers to noise, relative to the largest one. */
  private static double difference(UNet network, OnnxEngine engine) {
    int size = network.config().size();
    try (Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = Seed.of(0).normal(2, network.config().channels(), size, size);
      Tensor time = Tensor.of(new float[] {1, 500}, 2);
      Optional<Tensor> labels = network.config().classes().map(n -> Tensor.of(new long[2], 2));
      Tensor expected = network.forward(x, time, labels, Dropout.NONE);
      Tensor actual = engine.forward(x, time, labels);
      return largest(actual.minus(expected)) / Math.max(largest(expected), 1e-2);
    }
  }

  private static double largest(Tensor tensor) {
    double largest = 0;
    for (double value : tensor.toDoubles()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
