package io.github.diffusion4j.onnx;

import ai.onnxruntime.OrtEnvironment;

/** Loads ONNX Runtime once per process. */
final class OnnxLibrary {
  private OnnxLibrary() {}

  static synchronized OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment();
  }
}
