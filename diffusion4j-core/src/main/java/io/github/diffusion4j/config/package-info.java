/**
 * What a run is made of, as immutable records that refuse impossible values; presets; reading and
 * writing JSON and YAML. Imports nothing of the library.
 */
@NullMarked
package io.github.diffusion4j.config;

import org.jspecify.annotations.NullMarked;
