package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes networks as ONNX files of standard operators.
 *
 * <p>The inputs are {@code sample} F32 [N, C, H, W], {@code timestep} F32 [N], counted from 0, and,
 * for a network with labels, {@code class_labels}: I64 [N] for classes, F32 [N] if they are
 * embedded as time is, F32 [N, width] if they are vectors. The output is {@code out_sample} F32 [N,
 * O, H, W]. N, H and W are free in each evaluation, H and W being multiples of 2^(levels − 1).
 */
public final class OnnxExport {
  /** The version of ONNX's operators that the files use. */
  public static final int OPERATOR_SET = 17;

  private static final int FORMAT_VERSION = 8; // the one that came with operator set 17
  private static final long MOST_IN_ONE_FILE = Integer.MAX_VALUE - (16L << 20); // room for nodes

  private OnnxExport() {}

  /**
   * Writes a network.
   *
   * <p>If its weights have 2 GiB or more, which one ONNX file cannot hold, they get a file of their
   * own, named as {@code file} with {@code .data} behind it; the two belong into the same folder.
   * Each file is seen complete or not at all.
   *
   * @param metadata what programs are to find in the file's {@code metadata_props}
   * @return the files written
   */
  public static List<Path> write(UNet network, Map<String, String> metadata, Path file)
      throws IOException {
    return write(network, metadata, file, MOST_IN_ONE_FILE);
  }

  static List<Path> write(UNet network, Map<String, String> metadata, Path file, long mostInside)
      throws IOException {
    try (Scope scope = Scope.open()) {
      Graph graph = UNetGraph.of(network);
      ModelProto.Builder model = model(graph, metadata);
      Path absolute = file.toAbsolutePath();
      Path folder = absolute.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (bytes(graph) <= mostInside) {
        ModelFile.write(ModelFile.inline(model, graph.weights()), absolute);
        return List.of(file);
      }
      Path data = file.resolveSibling(file.getFileName() + ".data");
      ModelFile.write(model, graph.weights(), absolute, data.toAbsolutePath());
      return List.of(file, data);
    }
  }

  /**
   * Returns the model in one piece.
   *
   * @throws UserException if the weights have 2 GiB or more
   */
  static ModelProto model(UNet network) {
    try (Scope scope = Scope.open()) {
      Graph graph = UNetGraph.of(network);
      if (bytes(graph) > MOST_IN_ONE_FILE) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "the weights have %,d bytes; allowed for ONNX Runtime in memory: less than 2 GiB",
                bytes(graph)));
      }
      return ModelFile.inline(model(graph, Map.of()), graph.weights());
    }
  }

  private static ModelProto.Builder model(Graph graph, Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(FORMAT_VERSION)
            .setProducerName("diffusion4j")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setGraph(graph.nodes());
    new TreeMap<>(metadata)
        .forEach((key, value) -> model.addMetadataProps(ModelFile.entry(key, value)));
    return model;
  }

  private static long bytes(Graph graph) {
    return graph.weights().stream().mapToLong(Weight::bytes).sum();
  }
}
