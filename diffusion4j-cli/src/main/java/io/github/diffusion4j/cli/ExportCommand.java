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
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j export --model runs/mnist --out mnist.onnx",
      "  ./diffusion4j export --model runs/mnist --format answers --out a.safetensors"
    })
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

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Format format = Format.ONNX;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write, such as unet.onnx.")
  private Path out = Path.of(".");

  @Mixin private final JsonOutput json = new JsonOutput();

  @Override
  public Integer call() throws IOException {
    OutputFile.require("--out", out);
    json.check();
    try (DiffusionModel model = DiffusionModel.open(source.path())) {
      switch (format) {
        case ONNX -> exportOnnx(model);
        case ANSWERS -> exportAnswers(model);
      }
    }
    return 0;
  }

  private void exportAnswers(DiffusionModel model) throws IOException {
    OutputFile.makeFolder(out);
    NetworkAnswers.write(model.network(), out);
    System.out.printf(
        Locale.ROOT,
        "x, time, labels where it takes any, and the network's answer: %s%n"
            + "compare: python3 tools/compare_in_python.py %s %s%n",
        out,
        source.path(),
        out);
    List<Path> files = List.of(out);
    json.write(new Written(names(files), bytes(files), model.network().parameterCount(), 0));
  }

  private void exportOnnx(DiffusionModel model) throws IOException {
    if (!(model.network() instanceof UNet network)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is a model %s; allowed for onnx: a model of images, with the U-Net of diffusers",
              source.path(),
              InferenceEngine.unlike(model)));
    }
    Map<String, String> metadata = new TreeMap<>(ConfigFiles.options(model.process()));
    metadata.put("diffusion4j.version", Version.own());
    OutputFile.makeFolder(out);
    List<Path> files = OnnxExport.write(network, metadata, out);
    double difference = difference(network);
    if (!(difference < TOLERANCE)) {
      for (Path file : files) {
        Files.delete(file);
      }
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "ONNX Runtime differs from libtorch by %.1e of the largest output",
              difference));
    }
    System.out.printf(
        Locale.ROOT,
        "%,d parameters, %,d bytes; ONNX Runtime and libtorch differ by %.1e: %s%n",
        network.parameterCount(),
        bytes(files),
        difference,
        String.join(" and ", names(files)));
    json.write(new Written(names(files), bytes(files), network.parameterCount(), difference));
  }

  /** The largest difference of the two engines' answers to noise, relative to the largest one. */
  private double difference(UNet network) throws IOException {
    try (OnnxEngine engine = OnnxEngine.open(out);
        Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      return EngineTrial.difference(
          (x, time, labels) -> network.forward(x, time, labels, Dropout.NONE),
          engine,
          TrialInputs.of(network.config()));
    }
  }

  /**
   * What was written, for programs.
   *
   * @param difference of the engines, relative to the largest output; 0 where there is only one
   */
  private record Written(List<String> files, long bytes, long parameters, double difference) {}

  private static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }

  private static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
