package io.github.diffusion4j.sampling;

/**
 * How high the order of a multistep solver may be in its last steps, where few steps are too coarse
 * for a polynomial.
 *
 * <p>Whatever is chosen, a step to a clean image is of order 1: there λ is infinite.
 */
@FunctionalInterface
public interface FinalOrder {
  /** No limit. */
  FinalOrder FULL = (s, steps) -> Integer.MAX_VALUE;

  /** As high as there are steps left: … 3, 2, 1. */
  FinalOrder FALLING = (s, steps) -> s;

  /** {@link #FALLING} in runs of fewer than 15 steps. */
  FinalOrder FALLING_IN_SHORT_RUNS = (s, steps) -> steps < 15 ? s : Integer.MAX_VALUE;

  /** Order 1 in the last step. */
  FinalOrder EULER_AT_LAST = (s, steps) -> s == 1 ? 1 : Integer.MAX_VALUE;

  /** Returns the highest order allowed at step {@code s}, which counts down to 1. */
  int most(int s, int steps);

  /** Both limits. */
  default FinalOrder and(FinalOrder other) {
    return (s, steps) -> Math.min(most(s, steps), other.most(s, steps));
  }
}
