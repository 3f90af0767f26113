package io.github.diffusion4j;

import io.github.diffusion4j.training.DivergedException;
import java.nio.file.Path;
import java.util.Optional;

/** The training of a run has diverged, and has ended; its good checkpoints are still there. */
public final class RunDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Path folder;
  private final transient Optional<Path> lastGood;
  private final double peak;

  RunDivergedException(Path folder, Optional<Path> lastGood, double peak, DivergedException cause) {
    super(cause.getMessage(), cause);
    this.folder = folder;
    this.lastGood = lastGood;
    this.peak = peak;
  }

  /** Returns the run directory. */
  public Path folder() {
    return folder;
  }

  /** Returns the newest checkpoint from before the divergence, which is now the latest. */
  public Optional<Path> lastGood() {
    return lastGood;
  }

  /** Returns the peak of the learning rate with which it diverged. */
  public double peak() {
    return peak;
  }
}
