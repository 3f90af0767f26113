/** Files that are seen complete or not at all. */
@NullMarked
package io.github.diffusion4j.files;

import org.jspecify.annotations.NullMarked;
