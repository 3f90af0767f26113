/**
 * Models of images that are no diffusion models, to compare with: a variational autoencoder, a
 * hierarchical one, and a generative adversarial network. docs/families.md derives what they
 * minimize next to the bound of DDPM.
 */
@NullMarked
package io.github.diffusion4j.baseline;

import org.jspecify.annotations.NullMarked;
