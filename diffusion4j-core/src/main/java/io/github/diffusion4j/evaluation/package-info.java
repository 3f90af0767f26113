/**
 * How good samples are: distances between the features of samples and of real images, and a judge
 * of handwritten digits that comes with the library.
 *
 * <p>Features come from networks of package {@code nn}; the distances themselves know no images.
 */
@NullMarked
package io.github.diffusion4j.evaluation;

import org.jspecify.annotations.NullMarked;
