package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.UnsafeByteOperations;
import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** How a model's weights are laid down: inside its file, or in a second one beside it. */
final class ModelFile {
  /** Numbers that shapes are made of must be inside, and small weights may as well. */
  private static final long LEAST_OUTSIDE = 1024;

  private static final long PAGE = 4096; // so that the runtime can map each weight into memory

  private ModelFile() {}

  /** Puts the weights into the model. */
  static ModelProto inline(ModelProto.Builder model, List<Weight> weights) {
    for (Weight weight : weights) {
      model.getGraphBuilder().addInitializer(inside(weight));
    }
    return model.build();
  }

  /** Writes one file, which is seen complete or not at all. */
  static void write(ModelProto model, Path file) throws IOException {
    AtomicFile.write(file, model::writeTo);
  }

  /** Writes the weights into {@code data}, then the model that points at them. */
  static void write(ModelProto.Builder model, List<Weight> weights, Path file, Path data)
      throws IOException {
    AtomicFile.write(
        data,
        out -> {
          addOutside(model, weights, out, data.getFileName().toString());
          out.flush();
          write(model.build(), file); // if it fails, the weights do not stay either
        });
  }

  private static void addOutside(
      ModelProto.Builder model, List<Weight> weights, OutputStream out, String location)
      throws IOException {
    long offset = 0;
    for (Weight weight : weights) {
      if (weight.bytes() < LEAST_OUTSIDE) {
        model.getGraphBuilder().addInitializer(inside(weight));
        continue;
      }
      int gap = (int) (-offset & (PAGE - 1));
      out.write(new byte[gap]);
      out.write(weight.value().toBytes());
      TensorProto.Builder outside =
          weight
              .header()
              .setDataLocation(TensorProto.DataLocation.EXTERNAL)
              .addExternalData(entry("location", location))
              .addExternalData(entry("offset", Long.toString(offset + gap)))
              .addExternalData(entry("length", Long.toString(weight.bytes())));
      model.getGraphBuilder().addInitializer(outside);
      offset += gap + weight.bytes();
    }
  }

  static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static TensorProto inside(Weight weight) {
    return weight
        .header()
        .setRawData(UnsafeByteOperations.unsafeWrap(weight.value().toBytes()))
        .build();
  }
}
