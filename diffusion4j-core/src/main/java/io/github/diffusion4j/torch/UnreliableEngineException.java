package io.github.diffusion4j.torch;

/** Says that libtorch computes wrong results on this machine, in one line. */
public final class UnreliableEngineException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  UnreliableEngineException(String message) {
    super(message);
  }
}
