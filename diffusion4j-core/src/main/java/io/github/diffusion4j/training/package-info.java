/**
 * Training: {@link io.github.diffusion4j.training.TrainingStep} is the paper's Algorithm 1, {@link
 * io.github.diffusion4j.training.Trainer} repeats it, with optimizer, learning rate, moving average
 * and checkpoints around it.
 */
@NullMarked
package io.github.diffusion4j.training;

import org.jspecify.annotations.NullMarked;
