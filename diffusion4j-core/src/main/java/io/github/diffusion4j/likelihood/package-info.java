/**
 * How probable a model finds given images: the variational bound that the training loss comes from,
 * and the exact likelihood of the probability-flow ODE. Both are estimates, and come with their
 * standard errors.
 */
@NullMarked
package io.github.diffusion4j.likelihood;

import org.jspecify.annotations.NullMarked;
