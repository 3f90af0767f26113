/**
 * The front door of the library: {@link io.github.diffusion4j.TrainingRun} trains a model into a
 * directory, {@link io.github.diffusion4j.DiffusionModel} opens one and draws images. Everything
 * behind it can be used on its own.
 */
@NullMarked
package io.github.diffusion4j;

import org.jspecify.annotations.NullMarked;
