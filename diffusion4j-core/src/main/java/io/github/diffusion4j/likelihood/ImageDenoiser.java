package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.sampling.Denoiser;

/**
 * The denoiser that goes with some of the images under evaluation, which may have classes of their
 * own.
 */
@FunctionalInterface
public interface ImageDenoiser {
  /** Returns the denoiser of a batch that consists of these images, numbered from 0. */
  Denoiser of(int... images);

  /** The same denoiser for all images. */
  static ImageDenoiser same(Denoiser denoiser) {
    return images -> denoiser;
  }
}
