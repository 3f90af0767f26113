/**
 * Drawing without any knowledge of diffusion: numbers come in, lines and colors go out. Only the
 * JDK's own graphics are used.
 */
@NullMarked
package io.github.diffusion4j.cli.plot;

import org.jspecify.annotations.NullMarked;
