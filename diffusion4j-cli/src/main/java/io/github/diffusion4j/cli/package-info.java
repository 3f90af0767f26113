/**
 * The command line: one class per verb, which parses, calls the library and prints. {@link
 * io.github.diffusion4j.cli.Main} is the way in.
 */
@NullMarked
package io.github.diffusion4j.cli;

import org.jspecify.annotations.NullMarked;
