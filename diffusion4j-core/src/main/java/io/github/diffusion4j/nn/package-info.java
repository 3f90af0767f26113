/**
 * The noise-predicting U-Net and the layers it is made of.
 *
 * <p>Layers own their parameters, under the names that diffusers' {@code UNet2DModel} gives them,
 * so that weights can be exchanged without a table of names.
 */
@NullMarked
package io.github.diffusion4j.nn;

import org.jspecify.annotations.NullMarked;
