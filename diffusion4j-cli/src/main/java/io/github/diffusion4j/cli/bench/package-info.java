/**
 * Measures what users wait for, alone or in turn with a program of another language that does the
 * same work.
 */
@NullMarked
package io.github.diffusion4j.cli.bench;

import org.jspecify.annotations.NullMarked;
