package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The noise levels at which a sampler looks, counted like times: level S is where it begins, level
 * 0 where it ends.
 *
 * <p>A grid comes from the steps of a schedule ({@link #of(NoiseSchedule, SubSequence)}) or from
 * values of σ ({@link #ofSigmas}), such as those of {@link SigmaSpacing}.
 */
public final class NoiseGrid {
  private static final double ROUNDING = 1e-6; // of σ from single precision

  private final NoiseCurve curve;
  private final List<NoiseLevel> levels;

  private NoiseGrid(NoiseCurve curve, List<NoiseLevel> levels) {
    if (levels.size() < 2) {
      throw new IllegalArgumentException("a grid has at least one step; got none");
    }
    for (int s = 1; s < levels.size(); s++) {
      boolean stays = s == 1 && levels.get(1).sigma() == levels.get(0).sigma();
      if (!(levels.get(s).sigma() > levels.get(s - 1).sigma() || stays)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "noise must grow from level to level; level %d is %s, level %d is %s",
                s - 1,
                levels.get(s - 1),
                s,
                levels.get(s)));
      }
    }
    this.curve = curve;
    this.levels = levels;
  }

  private NoiseGrid(NoiseCurve curve, NoiseLevel... noisiestFirst) {
    this.curve = curve;
    this.levels = List.of(noisiestFirst);
  }

  /**
   * The given levels of {@code curve} the other way: a solver begins at the cleanest, which is
   * level S of such a grid, and takes images to noise; see {@link DpmInversion}.
   *
   * @param cleanestFirst with noise that does not fall; the last step may stay where it is
   */
  public static NoiseGrid upward(NoiseCurve curve, NoiseLevel... cleanestFirst) {
    int steps = cleanestFirst.length - 1;
    NoiseLevel[] noisiestFirst = new NoiseLevel[steps + 1];
    for (int s = 0; s <= steps; s++) {
      noisiestFirst[steps - s] = cleanestFirst[s];
      if (s > 0 && !(cleanestFirst[s].sigma() >= cleanestFirst[s - 1].sigma())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "noise must not fall; %s follows %s",
                cleanestFirst[s],
                cleanestFirst[s - 1]));
      }
    }
    if (steps < 1) {
      throw new IllegalArgumentException("a grid has at least one step; got none");
    }
    return new NoiseGrid(curve, noisiestFirst);
  }

  /** The levels of the times of {@code tau}, down to no noise at all. */
  public static NoiseGrid of(NoiseSchedule schedule, SubSequence tau) {
    return new NoiseGrid(
        new ScheduleCurve(schedule),
        IntStream.rangeClosed(0, tau.length()).mapToObj(s -> schedule.level(tau.t(s))).toList());
  }

  /** The given levels of {@code curve}, from the cleanest to the noisiest. */
  public static NoiseGrid of(NoiseCurve curve, NoiseLevel... cleanestFirst) {
    return new NoiseGrid(curve, List.of(cleanestFirst));
  }

  /**
   * The levels of {@code curve} with the given σ, down to no noise at all.
   *
   * @param descending positive, from the noisiest to the cleanest
   */
  public static NoiseGrid ofSigmas(NoiseCurve curve, double... descending) {
    Stream<NoiseLevel> noisy =
        IntStream.rangeClosed(1, descending.length)
            .mapToObj(s -> curve.atSigma(descending[descending.length - s]));
    return new NoiseGrid(curve, Stream.concat(Stream.of(NoiseLevel.CLEAN), noisy).toList());
  }

  /**
   * The levels of a schedule at the given times, whole or not, down to no noise at all.
   *
   * <p>Between two steps σ is linear in t, as in diffusers' samplers that work in σ; {@link
   * ScheduleCurve} prefers ln σ.
   *
   * @param descending times in [1, T]
   */
  public static NoiseGrid ofTimes(NoiseSchedule schedule, double... descending) {
    NoiseLevel[] levels = new NoiseLevel[descending.length + 1];
    levels[0] = NoiseLevel.CLEAN;
    for (int s = 1; s < levels.length; s++) {
      double t = descending[descending.length - s];
      int before = (int) t;
      double part = t - before;
      double sigma = schedule.level(before).sigma();
      if (part > 0) {
        sigma += part * (schedule.level(before + 1).sigma() - sigma);
      }
      double signal = 1 / Math.hypot(1, sigma);
      levels[s] = part > 0 ? new NoiseLevel(t, signal, sigma * signal) : schedule.level(before);
    }
    return of(new ScheduleCurve(schedule), levels);
  }

  /** The levels at {@code count} times from T to 1 at equal distances, whole or not. */
  public static NoiseGrid linspace(NoiseSchedule schedule, int count) {
    int last = schedule.steps();
    return ofTimes(
        schedule,
        IntStream.range(0, count)
            .mapToDouble(i -> count == 1 ? last : last - i * (last - 1.0) / (count - 1))
            .toArray());
  }

  /**
   * The same levels with the last replaced: where sampling ends if not at a clean image.
   *
   * <p>It may end where it last looks; the last step then stays there.
   */
  public NoiseGrid endingAt(NoiseLevel end) {
    NoiseLevel[] others = levels.toArray(NoiseLevel[]::new);
    double sigma = level(1).sigma();
    boolean stays = Math.abs(end.sigma() - sigma) <= ROUNDING * sigma;
    others[0] = stays ? level(1) : end;
    return new NoiseGrid(curve, List.of(others));
  }

  /** The same levels with the first replaced: where sampling begins. */
  public NoiseGrid beginningAt(NoiseLevel begin) {
    NoiseLevel[] others = levels.toArray(NoiseLevel[]::new);
    others[steps()] = begin;
    return of(curve, others);
  }

  /** The part of the grid from level {@code s} down: how a half-noised image is finished. */
  public NoiseGrid from(int s) {
    return new NoiseGrid(curve, levels.subList(0, s + 1));
  }

  /** The same levels with the time that the network is told rounded to whole steps. */
  public NoiseGrid atWholeTimes() {
    return withTimes(Math::rint);
  }

  /** The same levels with another time that the network is told. */
  public NoiseGrid withTimes(DoubleUnaryOperator told) {
    return new NoiseGrid(
        curve,
        levels.stream()
            .map(l -> new NoiseLevel(told.applyAsDouble(l.t()), l.signal(), l.noise()))
            .toList());
  }

  /**
   * Returns x at level S, where sampling begins: noise with the variance that images of variance 1
   * have there, which is 1 for processes that preserve it.
   */
  Tensor start(NoiseSource noise, long... shape) {
    Tensor unit = noise.xT(shape);
    NoiseLevel noisiest = level(steps());
    double deviation = Math.hypot(noisiest.signal(), noisiest.noise());
    return Math.abs(deviation - 1) < 1e-12 ? unit : unit.times(deviation);
  }

  /**
   * Returns given images at level {@code s}, where a sampler can go on with them, in the caller's
   * scope.
   *
   * <pre>  x at s = signalₛ x₀ + noiseₛ ε,  ε = x_T of the noise source </pre>
   *
   * @param x0 clean images, [N, …]
   * @throws IllegalArgumentException if there is no such level
   */
  public Tensor noised(int s, Tensor x0, NoiseSource noise) {
    requireLevel(s);
    return new Estimate(x0, noise.xT(x0.shape())).at(level(s));
  }

  void requireLevel(int s) {
    if (s < 0 || s > steps()) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "level is %d; allowed: 0…%d", s, steps()));
    }
  }

  /** Returns S, the number of steps. */
  public int steps() {
    return levels.size() - 1;
  }

  /** Returns level {@code s}, in 0…S. */
  public NoiseLevel level(int s) {
    return levels.get(s);
  }

  /** Returns the curve on which the levels lie, for samplers that look between them. */
  public NoiseCurve curve() {
    return curve;
  }

  /** Returns the values of σ from the noisiest to the cleanest level. */
  public double[] sigmas() {
    double[] sigmas = new double[levels.size()];
    Arrays.setAll(sigmas, i -> levels.get(levels.size() - 1 - i).sigma());
    return sigmas;
  }
}
