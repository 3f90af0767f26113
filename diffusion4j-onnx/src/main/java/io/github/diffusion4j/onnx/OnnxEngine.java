package io.github.diffusion4j.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.diffusion4j.nn.NetworkEngine;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A network that ONNX Runtime evaluates, on the CPU, with as many threads as libtorch has.
 *
 * <p>It knows no gradients: as a function of x its answer is a constant. It may be used by several
 * threads at once; {@link #close()} frees it.
 */
public final class OnnxEngine implements NetworkEngine, NetworkDenoiser.Network {
  /** Its {@link #name()}. */
  public static final String NAME = "onnx";

  /**
   * System property with the beginning of a file's name: if it is set, the runtime writes there how
   * long each node took, in the format of Chrome's traces.
   */
  public static final String PROFILE_PROPERTY = "diffusion4j.onnx.profile";

  private final Sessions sessions;
  private final Workers workers;

  private OnnxEngine(Sessions sessions) {
    this.sessions = sessions;
    workers = new Workers(Engine.threads());
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
      return new OnnxEngine(Sessions.of(file, Engine.threads()));
    } catch (OrtException e) {
      throw new IOException(file + " is not opened by ONNX Runtime: " + e.getMessage(), e);
    }
  }

  /** Hands the weights of {@code network} over to ONNX Runtime, which takes a copy. */
  public static OnnxEngine of(UNet network) {
    try {
      return new OnnxEngine(Sessions.of(OnnxExport.model(network), Engine.threads()));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses the network: " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Tensor predict(Tensor xt, Tensor networkTime) {
    return forward(xt, networkTime, Optional.empty());
  }

  @Override
  public Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels) {
    int images = Math.toIntExact(x.size(0));
    if (time.numel() != images || (labels.isPresent() && labels.get().size(0) != images)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "x is %s at time %s with labels %s; allowed: one time and one label for each image",
              x,
              time,
              labels));
    }
    try {
      boolean shared = workers.canShare(images);
      OrtSession session = shared ? sessions.alone() : sessions.together();
      requireLabels(session, labels);
      Evaluation evaluation = new Evaluation();
      evaluation.put(session, UNetGraph.SAMPLE, x);
      evaluation.put(session, UNetGraph.TIMESTEP, time);
      if (labels.isPresent()) {
        evaluation.put(session, UNetGraph.LABELS, labels.get());
      }
      List<Evaluation.Answer> answers =
          shared
              ? workers.share(images, part -> evaluation.answer(session, part))
              : List.of(evaluation.answer(session, new Workers.Part(0, images)));
      return Evaluation.joined(answers).like(x);
    } catch (OrtException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "ONNX Runtime does not evaluate x of %s at time %s: %s",
              x,
              time,
              e.getMessage()),
          e);
    }
  }

  private static void requireLabels(OrtSession session, Optional<Tensor> labels) {
    if (labels.isPresent() != session.getInputNames().contains(UNetGraph.LABELS)) {
      throw new IllegalArgumentException(
          labels.isPresent()
              ? "the network is unconditional and takes no labels"
              : "the network has classes and needs labels [N]");
    }
  }

  /** Frees the network; the process goes on to hold ONNX Runtime itself. */
  @Override
  public void close() {
    workers.close();
    sessions.close();
  }
}
