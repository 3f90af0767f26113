/**
 * Models of other projects: finds out what a file of tensors with their names is, and turns it into
 * a network and a process of ours.
 */
@NullMarked
package io.github.diffusion4j.foreign;

import org.jspecify.annotations.NullMarked;
