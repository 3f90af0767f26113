/**
 * The border to libtorch, and the only package that imports {@code org.bytedeco}: loading the
 * native libraries, tensors and the verbs on them, scopes that own native memory, seeded random
 * streams.
 *
 * <p>Everything above this package speaks of {@link io.github.diffusion4j.torch.Tensor} and never
 * sees the binding, so the engine can be replaced behind it. docs/memory.md has the rules of thumb
 * for native memory.
 */
@NullMarked
package io.github.diffusion4j.torch;

import org.jspecify.annotations.NullMarked;
