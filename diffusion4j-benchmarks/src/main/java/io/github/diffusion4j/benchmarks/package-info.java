/** JMH benchmarks of the parts that cost time, and how far metrics move. */
@NullMarked
package io.github.diffusion4j.benchmarks;

import org.jspecify.annotations.NullMarked;
