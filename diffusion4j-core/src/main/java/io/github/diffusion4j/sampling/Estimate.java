package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;

/**
 * A noisy image taken apart: xₜ = signal · x̂₀ + noise · ε̂.
 *
 * @param x0Hat the estimate of the clean images, [N, …]
 * @param epsilonHat the estimate of the noise, same shape
 */
public record Estimate(Tensor x0Hat, Tensor epsilonHat) {}
