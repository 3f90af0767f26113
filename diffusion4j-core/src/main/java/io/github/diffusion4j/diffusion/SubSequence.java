package io.github.diffusion4j.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The steps τ₁ &lt; … &lt; τ_S that a shortened reverse process visits, out of 1…T; τ₀ = 0.
 *
 * <p>The three spacings are those of diffusers, shifted to t = 1…T. Only {@link #trailing} and
 * {@link #linspace} begin at T, where nothing but noise is left; {@link #leading} begins lower.
 */
public final class SubSequence {
  private final int[] tau;

  private SubSequence(int[] tau) {
    this.tau = tau;
  }

  /** Returns all steps 1…T. */
  public static SubSequence all(int steps) {
    return of(checked(steps, steps), s -> s);
  }

  /** Returns {@code length} steps 1, 1 + ⌊T/S⌋, 1 + 2⌊T/S⌋, … */
  public static SubSequence leading(int steps, int length) {
    int distance = steps / checked(steps, length);
    return of(length, s -> (s - 1) * distance + 1);
  }

  /** Returns {@code length} steps that end at T, at distances of T / S, rounded. */
  public static SubSequence trailing(int steps, int length) {
    double distance = (double) steps / checked(steps, length);
    return of(length, s -> (int) Math.rint(steps - (length - s) * distance));
  }

  /** Returns {@code length} steps from 1 to T at equal distances, rounded; a single one is T. */
  public static SubSequence linspace(int steps, int length) {
    checked(steps, length);
    double distance = length == 1 ? 0 : (steps - 1.0) / (length - 1);
    return of(length, s -> length == 1 ? steps : (int) Math.rint((s - 1) * distance) + 1);
  }

  /**
   * Returns the steps of a {@code timestep_respacing} of guided-diffusion: {@code "250"} or {@code
   * "10,20,30"} for {@link #sections}, {@code "ddim50"} for {@link #strided}.
   *
   * @throws IllegalArgumentException if it is neither, or T is too short for it
   */
  public static SubSequence respaced(int steps, String respacing) {
    try {
      if (respacing.startsWith("ddim")) {
        return strided(steps, Integer.parseInt(respacing.substring("ddim".length())));
      }
      return sections(
          steps, Stream.of(respacing.split(",", -1)).mapToInt(Integer::parseInt).toArray());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the respacing is \"%s\"; allowed: numbers of steps such as 10,20,30, or one such as ddim50",
              respacing),
          e);
    }
  }

  /**
   * Returns so many steps of each of the equal sections that 1…T is cut into, at equal distances,
   * both ends of a section included.
   *
   * <p>The first sections are longer by one where the cut is uneven. This is {@code
   * space_timesteps} of iDDPM's code.
   *
   * @param counts 0 or more for each section, the first for the one with the least noise
   */
  public static SubSequence sections(int steps, int... counts) {
    if (counts.length == 0) {
      throw new IllegalArgumentException("sections are none; allowed: at least one");
    }
    List<Integer> taken = new ArrayList<>();
    int begin = 1;
    for (int i = 0; i < counts.length; i++) {
      int size = steps / counts.length + (i < steps % counts.length ? 1 : 0);
      if (counts[i] < 0 || counts[i] > size) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%d steps are wanted of a section of %d; allowed: 0…%d",
                counts[i],
                size,
                size));
      }
      double distance = counts[i] > 1 ? (size - 1.0) / (counts[i] - 1) : 1;
      double at = 0; // summed up, as there: a product would round otherwise at times
      for (int s = 0; s < counts[i]; s++) {
        taken.add(begin + (int) Math.rint(at));
        at += distance;
      }
      begin += size;
    }
    return of(taken.stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * Returns exactly {@code length} steps 1, 1 + d, 1 + 2d, … up to T, with the least whole d for
   * which there are so many.
   *
   * @throws IllegalArgumentException if there is no such d
   */
  public static SubSequence strided(int steps, int length) {
    int more = steps;
    for (int d = 1; d < steps; d++) {
      int taken = (steps - 1) / d + 1;
      if (taken == length) {
        int distance = d;
        return of(length, s -> (s - 1) * distance + 1);
      }
      if (taken < length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "no whole distance takes exactly %d of %d steps; allowed near it: %d, %d",
                length,
                steps,
                taken,
                more));
      }
      more = taken;
    }
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "number of strided steps is %d; allowed: 2…%d",
            length,
            Math.max(2, steps)));
  }

  /** Returns the given steps, which must ascend and be at least 1. */
  public static SubSequence of(int... steps) {
    if (steps.length == 0) {
      throw new IllegalArgumentException("a sub-sequence has at least one step; got none");
    }
    return of(steps.length, s -> steps[s - 1]);
  }

  /**
   * The same steps without the first.
   *
   * <p>Multistep solvers in diffusers space one step more than asked for and end at the first, so
   * that 10 of theirs are {@code linspace(1000, 11).withoutFirst()}; their leading is alike.
   */
  public SubSequence withoutFirst() {
    return of(Arrays.copyOfRange(tau, 2, tau.length));
  }

  /** Returns S, the number of steps. */
  public int length() {
    return tau.length - 1;
  }

  /** Returns τₛ; s in 0…S. */
  public int t(int s) {
    return tau[s];
  }

  /** Returns the steps in ascending order, as in {@code [1, 11, 21]}. */
  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOfRange(tau, 1, tau.length));
  }

  private static SubSequence of(int length, IntUnaryOperator t) {
    int[] tau = IntStream.rangeClosed(0, length).map(s -> s == 0 ? 0 : t.applyAsInt(s)).toArray();
    for (int s = 1; s <= length; s++) {
      if (tau[s] <= tau[s - 1]) {
        throw new IllegalArgumentException(
            "steps must ascend from 1 on; got " + new SubSequence(tau));
      }
    }
    return new SubSequence(tau);
  }

  private static int checked(int steps, int length) {
    if (length < 1 || length > steps) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "number of sampling steps is %d; allowed: 1…%d",
              length,
              Math.max(1, steps)));
    }
    return length;
  }
}
