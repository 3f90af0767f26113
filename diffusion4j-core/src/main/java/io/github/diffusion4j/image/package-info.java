/** Pictures to look at: planar bytes as images and grids of images, and PNG files with notes. */
@NullMarked
package io.github.diffusion4j.image;

import org.jspecify.annotations.NullMarked;
