/**
 * Pictures to learn from: data sets of bytes 0…255 in the layout {@code [C, H, W]}, how they are
 * read from files or fetched from their public homes, and how batches {@code [N, C, H, W]} in [−1,
 * 1] are prepared in the background.
 *
 * <p>Everything is decided by the data and a seed: batch k of a run is the same whether the run
 * came there from the start or resumed just before it. Wrong arguments are {@link
 * IllegalArgumentException}, wrong files {@link java.io.IOException}; both name what is wrong.
 */
@NullMarked
package io.github.diffusion4j.data;

import org.jspecify.annotations.NullMarked;
