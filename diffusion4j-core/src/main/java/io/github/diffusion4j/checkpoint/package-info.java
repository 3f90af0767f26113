/**
 * Models on disk: safetensors files, pipeline folders in the layout of Hugging Face diffusers, and
 * the state that an interrupted training run needs to go on exactly where it stopped.
 */
@NullMarked
package io.github.diffusion4j.checkpoint;

import org.jspecify.annotations.NullMarked;
