package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.UNet;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes networks as ONNX files of standard operators.
 *
 * <p>The inputs are {@code sample} F32 [N, C, H, W], {@code timestep} F32 [N], counted from 0, and,
 * for a network with classes, {@code class_labels} I64 [N]; the output is {@code out_sample} F32
 * [N, O, H, W]. N, H and W are free in each evaluation, H and W being multiples of 2^(levels − 1).
 */
public final class OnnxExport {
  /** The version of ONNX's operators that the files use. */
  public static final int OPERATOR_SET = 17;

  private static final int FORMAT_VERSION = 8; // the one that came with operator set 17
  private static final long MOST_BYTES = Integer.MAX_VALUE;
  private static final long ROOM_FOR_NODES = 16L << 20;

  private OnnxExport() {}

  /**
   * Writes a network; {@code file} is seen complete or not at all.
   *
   * @throws UserException if the weights have 2 GiB or more, which one ONNX file cannot hold
   */
  public static void write(UNet network, Path file) throws IOException {
    ModelProto model = model(network);
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path beside = absolute.resolveSibling(absolute.getFileName() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(beside))) {
        model.writeTo(out);
      }
      Files.move(beside, absolute, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  static ModelProto model(UNet network) {
    long bytes = network.parameterCount() * Float.BYTES;
    if (bytes > MOST_BYTES - ROOM_FOR_NODES) {
      throw new UserException(
          "the weights have %,d bytes; allowed in an ONNX file: less than 2 GiB".formatted(bytes));
    }
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT_VERSION)
        .setProducerName("diffusion4j")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .setGraph(UNetGraph.of(network))
        .build();
  }
}
