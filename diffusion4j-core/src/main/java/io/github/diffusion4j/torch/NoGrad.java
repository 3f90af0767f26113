package io.github.diffusion4j.torch;

import org.bytedeco.pytorch.NoGradGuard;

/** While open on this thread, operations record nothing for the backward pass. */
public final class NoGrad implements AutoCloseable {
  static {
    Engine.load();
  }

  private final NoGradGuard raw = new NoGradGuard();

  private NoGrad() {}

  /** Stops recording until the returned guard is closed. */
  public static NoGrad open() {
    return new NoGrad();
  }

  /** Restores what was before. */
  @Override
  public void close() {
    raw.close();
  }
}
