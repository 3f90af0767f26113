/**
 * How good samples are: distances between the features of samples and of real images, and a judge
 * of handwritten digits that comes with the library.
 *
 * <p>Points are compared as they are: by {@link io.github.diffusion4j.evaluation.SlicedWasserstein}
 * and {@link io.github.diffusion4j.evaluation.MaximumMeanDiscrepancy}, which are right for two
 * numbers as for many. References:
 *
 * <ul>
 *   <li>SW: Bonneel, Rabin, Peyré, Pfister, Sliced and Radon Wasserstein Barycenters of Measures,
 *       2015
 *   <li>MMD: Gretton, Borgwardt, Rasch, Schölkopf, Smola, A Kernel Two-Sample Test, 2012
 * </ul>
 *
 * <p>Features come from networks of package {@code nn}; the distances themselves know no images.
 */
@NullMarked
package io.github.diffusion4j.evaluation;

import org.jspecify.annotations.NullMarked;
