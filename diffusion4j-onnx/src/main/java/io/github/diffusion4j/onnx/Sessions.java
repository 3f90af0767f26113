package io.github.diffusion4j.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model opened by ONNX Runtime in the two forms that batches need: one that computes on the
 * thread that asks, for many images, of which each thread takes a part; and one that spreads each
 * operator over all threads, for fewer images than threads. Each is opened when first asked for.
 */
final class Sessions implements AutoCloseable {
  /** Makes a session with the given options. */
  @FunctionalInterface
  private interface Opening {
    OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException;
  }

  private final Opening opening;
  private final int threads;
  private Optional<OrtSession> alone = Optional.empty();
  private Optional<OrtSession> together = Optional.empty();

  private Sessions(Opening opening, int threads) {
    this.opening = opening;
    this.threads = threads;
  }

  /** Opens a file, and with it what lies beside it. */
  static Sessions of(Path file, int threads) throws OrtException {
    return opened((ort, options) -> ort.createSession(file.toString(), options), threads);
  }

  /** Opens a model in memory. */
  static Sessions of(ModelProto model, int threads) throws OrtException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(model.getSerializedSize());
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      model.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.flip();
    return opened((ort, options) -> ort.createSession(bytes, options), threads);
  }

  private static Sessions opened(Opening opening, int threads) throws OrtException {
    Sessions sessions = new Sessions(opening, threads);
    sessions.alone(); // so that a model that cannot be opened is refused at once
    return sessions;
  }

  /** Returns the session that computes on the thread that asks. */
  synchronized OrtSession alone() throws OrtException {
    if (alone.isEmpty()) {
      alone = Optional.of(open(1));
    }
    return alone.get();
  }

  /** Returns the session that spreads each operator over all threads. */
  synchronized OrtSession together() throws OrtException {
    if (threads == 1) {
      return alone();
    }
    if (together.isEmpty()) {
      together = Optional.of(open(threads));
    }
    return together.get();
  }

  private OrtSession open(int count) throws OrtException {
    OrtEnvironment environment =
        OnnxLibrary.environment(); // before options, which load the runtime
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(count);
      // Threads that wait in a loop would take the cores from libtorch between two passes, and from
      // other programs at all times.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      String profile = System.getProperty(OnnxEngine.PROFILE_PROPERTY);
      if (profile != null) {
        options.enableProfiling(profile);
      }
      return opening.open(environment, options);
    }
  }

  @Override
  public synchronized void close() {
    try {
      for (Optional<OrtSession> session : List.of(alone, together)) {
        if (session.isPresent()) {
          session.get().close();
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
