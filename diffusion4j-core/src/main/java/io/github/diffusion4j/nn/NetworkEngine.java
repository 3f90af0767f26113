package io.github.diffusion4j.nn;

/**
 * What evaluates a network in libtorch's place, with the same weights; ONNX Runtime for instance.
 */
public interface NetworkEngine extends ForwardPass, AutoCloseable {
  /** Returns its name, {@code onnx} for instance. */
  String name();

  /** Frees the network; no forward pass may be running. */
  @Override
  void close();
}
