package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Pseudo numerical sampling ([PNDM]): the averages of classical solvers, taken of what the network
 * says, and carried from level to level by the map of DDIM.
 *
 * <pre>  x' = signal' x̂₀ + noise' ȳ,  ȳ = (55 y₀ − 59 y₁ + 37 y₂ − 9 y₃) / 24 </pre>
 *
 * <p>y₀ is the present look and yⱼ the one j steps before. The averages are those for steps of
 * equal length in t. {@link #ofStride} gives them one, as diffusers does, whatever the grid says.
 */
public final class PndmSampler extends StagedChain {
  /** How the looks that the multistep formula needs are won. */
  public enum Start {
    /** Three Runge–Kutta steps of four looks each; the paper's way. */
    RUNGE_KUTTA,
    /**
     * A first step that looks at its end too, then formulas of growing order; diffusers' {@code
     * skip_prk_steps}.
     */
    TWO_LOOKS
  }

  static final double[][] MULTISTEP = {
    {1},
    {3 / 2.0, -1 / 2.0},
    {23 / 12.0, -16 / 12.0, 5 / 12.0},
    {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0}
  };
  private static final double[] RUNGE_KUTTA = {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0};
  private static final int RUNGE_KUTTA_STEPS = 3;

  private final Start start;
  private final Prediction averaged;
  private final OptionalInt stride;

  /** The sampler that averages ε̂. */
  public PndmSampler(NoiseGrid grid, Start start) {
    this(grid, start, Prediction.EPSILON);
  }

  /**
   * The sampler that averages another prediction.
   *
   * @param averaged what is averaged; diffusers averages whatever its network predicts
   */
  public PndmSampler(NoiseGrid grid, Start start, Prediction averaged) {
    this(grid, start, averaged, OptionalInt.empty());
  }

  private PndmSampler(NoiseGrid grid, Start start, Prediction averaged, OptionalInt stride) {
    super(grid, MULTISTEP.length - 1);
    this.start = start;
    this.averaged = averaged;
    this.stride = stride;
  }

  /**
   * Returns the sampler whose steps all have the given length, for grids of whole times.
   *
   * <p>A step leads from t to t − d, and the first half of a Runge–Kutta step to t − ⌊d/2⌋, while
   * the next look is at the next time of the grid, and in the middle at ⌊d/2⌋ above it. Where the
   * grid has other distances than d, or d is odd, these are not the same: diffusers' scheduler,
   * with d = ⌊T/S⌋, moves to one time and evaluates the network at another.
   *
   * @param d 1 or more
   */
  public PndmSampler ofStride(int d) {
    return new PndmSampler(grid(), start, averaged, OptionalInt.of(d));
  }

  @Override
  int looks(int s) {
    return looks(s, steps());
  }

  @Override
  int looks(int s, int begin) {
    if (!beginsSlowly(s, begin - s + 1)) {
      return 1;
    }
    return start == Start.RUNGE_KUTTA ? RUNGE_KUTTA.length : 2;
  }

  /** Whether step s is one of the first of its run, and can look where it ends. */
  private boolean beginsSlowly(int s, int number) {
    int first = start == Start.RUNGE_KUTTA ? RUNGE_KUTTA_STEPS : 1;
    return number <= first
        && level(s).signal() > 0
        && level(s - 1).noise() > 0
        && (stride.isEmpty() || s > 1);
  }

  @Override
  Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise) {
    NoiseLevel now = level(s);
    Estimate estimate = denoiser.estimate(xt, now);
    if (now.signal() == 0) { // pure noise: the map of DDIM, without the division by the signal
      return estimate.at(level(s - 1));
    }
    Tensor y = output(estimate, xt, now);
    if (beginsSlowly(s, denoiser.step())) {
      return start == Start.RUNGE_KUTTA
          ? rungeKutta(s, xt, y, denoiser)
          : twoLooks(s, xt, y, denoiser);
    }
    Looks looks = denoiser.looks();
    List<Tensor> ys = new ArrayList<>(List.of(y));
    for (int j = 1; j < looks.count(); j++) {
      Estimate past = new Estimate(looks.x0Hat(j), looks.epsilonHat(j));
      ys.add(output(past, xt, looks.level(j)));
    }
    return moved(xt, average(MULTISTEP[ys.size() - 1], ys), now, landing(s));
  }

  private Tensor rungeKutta(int s, Tensor xt, Tensor y1, Denoiser denoiser) {
    NoiseLevel now = level(s);
    NoiseLevel next = level(s - 1);
    NoiseLevel middle = middle(now, next);
    Tensor y2 = look(moved(xt, y1, now, firstMiddle(now, middle)), middle, denoiser);
    Tensor y3 = look(moved(xt, y2, now, middle), middle, denoiser);
    Tensor y4 = look(moved(xt, y3, now, next), next, denoiser);
    return moved(xt, average(RUNGE_KUTTA, List.of(y1, y2, y3, y4)), now, next);
  }

  private Tensor twoLooks(int s, Tensor xt, Tensor y1, Denoiser denoiser) {
    NoiseLevel next = level(s - 1);
    NoiseLevel from = stride.isPresent() ? at(next.t() + stride.getAsInt()) : level(s);
    Tensor y2 = look(moved(xt, y1, level(s), landing(s)), next, denoiser);
    return moved(xt, y1.plus(y2).dividedBy(2), from, next);
  }

  /** The level that step s leads to, which diffusers' next look takes for level s − 1. */
  private NoiseLevel landing(int s) {
    double t = level(s).t() - stride.orElse(0);
    return stride.isEmpty() ? level(s - 1) : t < 1 ? level(0) : at(t);
  }

  private NoiseLevel firstMiddle(NoiseLevel now, NoiseLevel middle) {
    return stride.isPresent() ? at(now.t() - halfStride()) : middle;
  }

  private int halfStride() {
    return stride.orElseThrow() / 2;
  }

  private NoiseLevel at(double t) {
    return grid().curve().at(t);
  }

  /** The level in the middle of time; a whole time between whole times, as networks know those. */
  private NoiseLevel middle(NoiseLevel now, NoiseLevel next) {
    if (stride.isPresent()) {
      return at(next.t() + halfStride());
    }
    double half = (now.t() - next.t()) / 2;
    boolean whole = Math.rint(now.t()) == now.t() && Math.rint(next.t()) == next.t();
    return at(next.t() + (whole && half >= 1 ? Math.floor(half) : half));
  }

  private Tensor look(Tensor x, NoiseLevel level, Denoiser denoiser) {
    return output(denoiser.estimate(x, level), x, level);
  }

  private Tensor output(Estimate estimate, Tensor xt, NoiseLevel level) {
    return averaged.target(estimate.x0Hat(), estimate.epsilonHat(), BatchLevels.same(level, xt));
  }

  /** The map of DDIM for the output {@code y}, [PNDM Eq. 9]. */
  private Tensor moved(Tensor xt, Tensor y, NoiseLevel from, NoiseLevel to) {
    BatchLevels levels = BatchLevels.same(from, xt);
    return new Estimate(averaged.x0Hat(xt, y, levels), averaged.epsilonHat(xt, y, levels)).at(to);
  }

  private static Tensor average(double[] weights, List<Tensor> ys) {
    Tensor sum = ys.get(0).times(weights[0]);
    for (int j = 1; j < weights.length; j++) {
      sum = sum.plus(ys.get(j).times(weights[j]));
    }
    return sum;
  }
}
