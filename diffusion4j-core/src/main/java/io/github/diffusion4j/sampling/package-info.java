/**
 * Samplers: from noise to images with any {@link io.github.diffusion4j.sampling.Denoiser}, whether
 * a network or a formula. {@link io.github.diffusion4j.sampling.DdpmSampler} is the paper's
 * Algorithm 2. Samplers are immutable; all randomness comes from a {@link
 * io.github.diffusion4j.sampling.NoiseSource}.
 */
@NullMarked
package io.github.diffusion4j.sampling;

import org.jspecify.annotations.NullMarked;
