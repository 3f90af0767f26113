package io.github.diffusion4j.torch;

import java.util.Iterator;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * The owner of the native memory that is allocated while it is open on this thread.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *   Tensor xPrev = step(xt);         // every tensor made in here …
 *   return scope.keep(xPrev);        // … is freed at the end, but for those that are kept
 * }
 * }</pre>
 *
 * <p>Scopes nest: a kept tensor belongs to the enclosing scope, or, where there is none, to whoever
 * holds it (it is then freed by {@link Tensor#close()} or, late, by the garbage collector). A scope
 * belongs to the thread that opened it.
 */
public final class Scope implements AutoCloseable {
  static {
    Engine.load();
  }

  private final PointerScope raw = new PointerScope();

  private Scope() {}

  /** Opens a scope inside the current one of this thread. */
  public static Scope open() {
    return new Scope();
  }

  /**
   * Hands {@code tensor} over to the enclosing scope, so that it outlives this one.
   *
   * @return the same tensor
   */
  public Tensor keep(Tensor tensor) {
    Pointer pointer = tensor.raw();
    PointerScope outer = enclosing();
    if (outer == null) {
      pointer.retainReference();
    } else {
      outer.attach(pointer);
    }
    return tensor;
  }

  /** Returns the number of native objects that are alive in this process, for leak checks. */
  public static long liveObjects() {
    return Pointer.totalCount();
  }

  /** Frees everything that was allocated since {@link #open} and not kept. */
  @Override
  public void close() {
    raw.close();
  }

  @SuppressWarnings("ReferenceEquality") // this very scope is looked for
  private @Nullable PointerScope enclosing() {
    Iterator<PointerScope> innermostFirst = PointerScope.getScopeIterator();
    while (innermostFirst.next() != raw) {
      // scopes inside this one
    }
    return innermostFirst.hasNext() ? innermostFirst.next() : null;
  }
}
