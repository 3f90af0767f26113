package io.github.diffusion4j.config;

/**
 * The releases of denoising-diffusion-pytorch, by what the layers of their network compute; the
 * names of the parameters do not always tell them apart.
 */
public enum LucidGeneration {
  /**
   * Releases 0.32 to 1.7.0: convolutions whose kernels are standardized, with group norms;
   * attention behind a norm that takes the mean away.
   */
  STANDARDIZED,
  /** Releases 1.7.4 to 1.11: plain convolutions with group norms; attention behind an RMS norm. */
  GROUPED,
  /** Releases since 2.0: RMS norms everywhere. */
  ROOT_MEAN_SQUARE
}
