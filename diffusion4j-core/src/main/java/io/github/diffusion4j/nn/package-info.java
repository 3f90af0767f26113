/**
 * The networks, a U-Net for images and a perceptron for points, and the layers they are made of.
 *
 * <p>Layers own their parameters; those of the U-Net have the names that diffusers' {@code
 * UNet2DModel} gives them, so that weights can be exchanged without a table of names.
 */
@NullMarked
package io.github.diffusion4j.nn;

import org.jspecify.annotations.NullMarked;
