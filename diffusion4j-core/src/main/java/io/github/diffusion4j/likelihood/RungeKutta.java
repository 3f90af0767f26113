package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.DoubleConsumer;

/** The classical Runge-Kutta method of order 4 on equal steps. */
final class RungeKutta {
  private RungeKutta() {}

  /** The right-hand side of dx/du = f(u, x). */
  @FunctionalInterface
  interface Field {
    Tensor at(double u, Tensor x);
  }

  /**
   * Returns x at {@code to}, in the caller's scope.
   *
   * @param start x at {@code from}; stays the caller's
   * @param progress told the part that is done, in (0, 1], after each step
   */
  static Tensor integrate(
      Field field, Tensor start, double from, double to, int steps, DoubleConsumer progress) {
    double h = (to - from) / steps;
    try (Scope outer = Scope.open()) {
      Tensor x = start;
      for (int step = 0; step < steps; step++) {
        Tensor next;
        try (Scope scope = Scope.open()) {
          next = scope.keep(step(field, from + step * h, x, h));
        }
        if (step > 0) {
          x.close();
        }
        x = next;
        progress.accept((step + 1.0) / steps);
      }
      return outer.keep(x);
    }
  }

  private static Tensor step(Field field, double u, Tensor x, double h) {
    Tensor first = field.at(u, x);
    Tensor second = field.at(u + h / 2, x.plus(first.times(h / 2)));
    Tensor third = field.at(u + h / 2, x.plus(second.times(h / 2)));
    Tensor fourth = field.at(u + h, x.plus(third.times(h)));
    Tensor middle = second.plus(third).times(2);
    return x.plus(first.plus(middle).plus(fourth).times(h / 6));
  }
}
