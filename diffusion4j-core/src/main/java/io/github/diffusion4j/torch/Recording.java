package io.github.diffusion4j.torch;

import org.bytedeco.pytorch.AutoGradMode;

/**
 * While open on this thread, operations on trainable tensors are recorded, even inside a {@link
 * NoGrad}: for whoever needs a derivative, whatever the caller does.
 */
public final class Recording implements AutoCloseable {
  static {
    Engine.load();
  }

  private final AutoGradMode raw = new AutoGradMode(true);

  private Recording() {}

  /** Records until the returned guard is closed. */
  public static Recording open() {
    return new Recording();
  }

  /** Restores what was before. */
  @Override
  public void close() {
    raw.close();
  }
}
