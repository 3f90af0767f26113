package io.github.diffusion4j.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.diffusion4j.torch.Tensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs of one forward pass, copied out of libtorch, and its evaluation in parts. */
final class Evaluation {
  /** Makes the runtime's tensor of some images' part of an input. */
  @FunctionalInterface
  private interface Input {
    OnnxTensor of(OrtEnvironment environment, Workers.Part part) throws OrtException;
  }

  /**
   * What the network answers for some images.
   *
   * @param shape the shape of {@code values}
   */
  record Answer(float[] values, long[] shape) {}

  private final Map<String, Input> inputs = new LinkedHashMap<>();

  /** Adds an input of the type that the session wants. */
  void put(OrtSession session, String name, Tensor tensor) throws OrtException {
    var info = session.getInputInfo().get(name);
    boolean whole =
        info != null
            && info.getInfo() instanceof TensorInfo wanted
            && wanted.type == OnnxJavaType.INT64;
    long[] shape = tensor.shape();
    inputs.put(name, whole ? input(tensor.toLongs(), shape) : input(tensor.toFloats(), shape));
  }

  /** Returns what the session answers for a part of the batch. */
  Answer answer(OrtSession session, Workers.Part part) throws OrtException {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      for (Map.Entry<String, Input> input : inputs.entrySet()) {
        tensors.put(input.getKey(), input.getValue().of(OnnxLibrary.environment(), part));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        return answer(result.get(0));
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  /** Puts the answers for all parts together. */
  static Tensor joined(List<Answer> answers) {
    long[] shape = answers.get(0).shape().clone();
    shape[0] = answers.stream().mapToLong(answer -> answer.shape()[0]).sum();
    float[] all = new float[answers.stream().mapToInt(answer -> answer.values().length).sum()];
    int end = 0;
    for (Answer answer : answers) {
      System.arraycopy(answer.values(), 0, all, end, answer.values().length);
      end += answer.values().length;
    }
    return Tensor.of(all, shape);
  }

  private static Answer answer(OnnxValue output) {
    OnnxTensor tensor = (OnnxTensor) output;
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return new Answer(values, tensor.getInfo().getShape());
  }

  private static Input input(float[] values, long[] shape) {
    return (environment, part) -> {
      int each = values.length / Math.toIntExact(shape[0]);
      FloatBuffer some = FloatBuffer.wrap(values, part.first() * each, part.count() * each);
      return OnnxTensor.createTensor(environment, some, with(shape, part.count()));
    };
  }

  private static Input input(long[] values, long[] shape) {
    return (environment, part) -> {
      int each = values.length / Math.toIntExact(shape[0]);
      LongBuffer some = LongBuffer.wrap(values, part.first() * each, part.count() * each);
      return OnnxTensor.createTensor(environment, some, with(shape, part.count()));
    };
  }

  private static long[] with(long[] shape, long count) {
    long[] changed = shape.clone();
    changed[0] = count;
    return changed;
  }
}
