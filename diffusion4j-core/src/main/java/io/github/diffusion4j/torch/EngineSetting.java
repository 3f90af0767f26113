package io.github.diffusion4j.torch;

import org.bytedeco.pytorch.global.torch;

/** How libtorch computes convolutions; a process can change it at any time. */
public enum EngineSetting {
  /** By oneDNN's kernels for this processor. */
  ORDINARY,
  /** By libtorch's own, as products of matrices: where oneDNN is wrong. */
  WITHOUT_ONEDNN;

  private static final int REPEATS = 3;

  static {
    Engine.load();
  }

  /** Lets the whole process compute like this from now on. */
  void apply() {
    torch.globalContext().setUserEnabledMkldnn(this == ORDINARY);
  }

  /** Returns how many times as long a convolution takes, forward and backward, as ordinarily. */
  double slowdown() {
    ORDINARY.apply();
    double ordinary = seconds();
    apply();
    return seconds() / ordinary;
  }

  private static double seconds() {
    KnownAnswer convolution = KnownAnswer.convolution(32, 32, 3, 1, 1, 16, 28);
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      convolution.run();
      best = Math.min(best, (System.nanoTime() - start) * 1e-9);
    }
    return best;
  }
}
