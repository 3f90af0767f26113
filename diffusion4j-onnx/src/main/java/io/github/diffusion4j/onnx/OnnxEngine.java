package io.github.diffusion4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.diffusion4j.nn.ForwardPass;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A network that ONNX Runtime evaluates, on the CPU, with as many threads as libtorch has.
 *
 * <p>It knows no gradients: as a function of x its answer is a constant. It may be used by several
 * threads at once; {@link #close()} frees it.
 */
public final class OnnxEngine implements ForwardPass, NetworkDenoiser.Network, AutoCloseable {
  /** Makes a session with the given options. */
  @FunctionalInterface
  private interface Opening {
    OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException;
  }

  private final OrtEnvironment environment;
  private final OrtSession session;

  private OnnxEngine(Opening opening) throws OrtException {
    environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(Engine.threads());
      // Threads that wait in a loop would take the cores from libtorch between two passes, and from
      // other programs at all times.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      session = opening.open(environment, options);
    }
  }

  /**
   * Opens a file that {@link OnnxExport} wrote, or another with the same inputs and output.
   *
   * @throws IOException if there is no such file, or it is not a network for ONNX Runtime
   */
  public static OnnxEngine open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    try {
      return new OnnxEngine((ort, options) -> ort.createSession(file.toString(), options));
    } catch (OrtException e) {
      throw new IOException(file + " is not opened by ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /** Hands the weights of {@code network} over to ONNX Runtime, which takes a copy. */
  public static OnnxEngine of(UNet network) {
    byte[] model = OnnxExport.model(network).toByteArray();
    try {
      return new OnnxEngine((ort, options) -> ort.createSession(model, options));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses the network: " + e.getMessage(), e);
    }
  }

  @Override
  public Tensor predict(Tensor xt, Tensor networkTime) {
    return forward(xt, networkTime, Optional.empty());
  }

  @Override
  public Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels) {
    if (labels.isPresent() != session.getInputNames().contains(UNetGraph.LABELS)) {
      throw new IllegalArgumentException(
          labels.isPresent()
              ? "the network is unconditional and takes no labels"
              : "the network has classes and needs labels [N]");
    }
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      inputs.put(UNetGraph.SAMPLE, reals(x));
      inputs.put(UNetGraph.TIMESTEP, reals(time.to(DType.F32)));
      if (labels.isPresent()) {
        inputs.put(UNetGraph.LABELS, integers(labels.get()));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        return answer((OnnxTensor) result.get(0)).like(x);
      }
    } catch (OrtException e) {
      throw new IllegalArgumentException(
          "ONNX Runtime does not evaluate x of %s at time %s: %s"
              .formatted(x, time, e.getMessage()),
          e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor reals(Tensor tensor) throws OrtException {
    return OnnxTensor.createTensor(
        environment, FloatBuffer.wrap(tensor.toFloats()), tensor.shape());
  }

  private OnnxTensor integers(Tensor tensor) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(tensor.toLongs()), tensor.shape());
  }

  private static Tensor answer(OnnxTensor output) {
    FloatBuffer buffer = output.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return Tensor.of(values, output.getInfo().getShape());
  }

  /** Frees the network; the process goes on to hold ONNX Runtime itself. */
  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
