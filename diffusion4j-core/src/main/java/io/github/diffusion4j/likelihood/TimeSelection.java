package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.torch.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The times at which the terms of the bound are looked at: all of them, or a few with weights that
 * keep the sum unbiased.
 */
public final class TimeSelection {
  /** The part of the looks that is spread evenly, in case the loss is not where it is expected. */
  private static final double EVEN_SHARE = 0.2;

  private final int looks;
  private final double[] share;

  private TimeSelection(int looks, double[] share) {
    this.looks = looks;
    this.share = share;
  }

  /** Looks at every time 1…T once. */
  public static TimeSelection all(NoiseSchedule schedule) {
    return new TimeSelection(schedule.steps(), share(schedule));
  }

  /**
   * Looks at t = 1, and at {@code looks} − 1 later times, drawn one from each of as many strata of
   * equal expected loss. With T looks or more it is {@link #all}.
   *
   * <p>Expected is what the best denoiser would lose on pixels that are standard normal, where the
   * terms have a closed form when steps are small; the rest is a fifth of even spread.
   *
   * <pre>  L₍t−1₎ ≈ ½ ln((1 − ᾱₜ) / (1 − ᾱ₍t−1₎)) </pre>
   *
   * @throws IllegalArgumentException if {@code looks} is below 2
   */
  public static TimeSelection stratified(NoiseSchedule schedule, int looks) {
    if (looks < 2) {
      throw new IllegalArgumentException("looks is " + looks + "; allowed: at least 2");
    }
    return looks >= schedule.steps() ? all(schedule) : new TimeSelection(looks, share(schedule));
  }

  /**
   * One look.
   *
   * @param t in 1…T
   * @param number 0 for the first look at this time, 1 for the next
   */
  record Look(int t, int number) {}

  /** Returns the number of looks per image and draw. */
  public int looks() {
    return looks;
  }

  /** Returns T. */
  int steps() {
    return share.length - 1;
  }

  /** Returns by what the term of a look at time {@code t} is multiplied. */
  double weight(int t) {
    return t == 1 || looks == steps() ? 1 : 1 / ((looks - 1) * share[t]);
  }

  /** Returns the looks at one image, in ascending order. */
  List<Look> draw(Seed seed) {
    if (looks == steps()) {
      return IntStream.rangeClosed(1, steps()).mapToObj(t -> new Look(t, 0)).toList();
    }
    List<Look> drawn = new ArrayList<>();
    drawn.add(new Look(1, 0));
    SplittableRandom random = seed.random();
    int t = 2;
    double below = 0; // the shares of the times before t
    for (int stratum = 0; stratum < looks - 1; stratum++) {
      double u = (stratum + random.nextDouble()) / (looks - 1);
      while (t < steps() && below + share[t] <= u) {
        below += share[t];
        t++;
      }
      Look last = drawn.get(drawn.size() - 1);
      drawn.add(new Look(t, last.t == t ? last.number + 1 : 0));
    }
    return drawn;
  }

  /** The probability of t = 2…T, for a single look. */
  private static double[] share(NoiseSchedule schedule) {
    int steps = schedule.steps();
    double[] share = new double[steps + 1];
    for (int t = 2; t <= steps; t++) {
      share[t] = Math.log((1 - schedule.alphaBar(t)) / (1 - schedule.alphaBar(t - 1)));
    }
    double sum = Arrays.stream(share).sum();
    for (int t = 2; t <= steps; t++) {
      share[t] = (1 - EVEN_SHARE) * share[t] / sum + EVEN_SHARE / (steps - 1);
    }
    return share;
  }
}
