/** JMH benchmarks of the parts that cost time. */
@NullMarked
package io.github.diffusion4j.benchmarks;

import org.jspecify.annotations.NullMarked;
