package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.NetworkAnswers;
import io.github.diffusion4j.TrialInputs;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.onnx.OnnxEngine;
import io.github.diffusion4j.onnx.OnnxExport;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
    /** The network itself, for ONNX Runtime and its like. */
    ONNX,
    /** What the network answers to a few inputs, to check another program with. */
    ANSWERS
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
    try (DiffusionModel model = DiffusionModel.open(source.path())) {
      switch (format) {
        case ONNX -> exportOnnx(model);
        case ANSWERS -> exportAnswers(model);
      }
    }
    return 0;
  }

  private void exportAnswers(DiffusionModel model) throws IOException {
    NetworkAnswers.write(model.network(), out);
    System.out.printf(
        "x, time, labels where it takes any, and the network's answer: %s%n"
            + "compare: python3 tools/compare_in_python.py %s %s%n",
        out, source.path(), out);
  }

  private void exportOnnx(DiffusionModel model) throws IOException {
    if (!(model.network() instanceof UNet network)) {
      throw new UserException(
          "%s is a model %s; allowed for onnx: a model of images, with the U-Net of diffusers"
              .formatted(source.path(), InferenceEngine.unlike(model)));
    }
    Map<String, String> metadata = new TreeMap<>(ConfigFiles.options(model.process()));
    metadata.put("diffusion4j.version", Version.own());
    List<Path> files = OnnxExport.write(network, metadata, out);
    double difference = difference(network);
    if (!(difference < TOLERANCE)) {
      for (Path file : files) {
        Files.delete(file);
      }
      throw new IllegalStateException(
          "ONNX Runtime differs from libtorch by %.1e of the largest output".formatted(difference));
    }
    System.out.printf(
        Locale.ROOT,
        "%,d parameters, %,d bytes; ONNX Runtime and libtorch differ by %.1e: %s%n",
        network.parameterCount(),
        bytes(files),
        difference,
        String.join(" and ", files.stream().map(Path::toString).toList()));
  }

  /** The largest difference of the two engines' answers to noise, relative to the largest one. */
  private double difference(UNet network) throws IOException {
    try (OnnxEngine engine = OnnxEngine.open(out);
        Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      TrialInputs inputs = TrialInputs.of(network.config());
      Tensor expected = network.forward(inputs.x(), inputs.time(), inputs.labels(), Dropout.NONE);
      Tensor actual = engine.forward(inputs.x(), inputs.time(), inputs.labels());
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

  private static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
