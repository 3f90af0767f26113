package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;

/**
 * The probability-flow equation, solved by a Runge–Kutta method that chooses its steps such that
 * the error of each stays within a tolerance (RK45, [ScoreSDE]).
 *
 * <p>The variable is the angle φ between image and noise, tan φ = σ, and y = x / √(signal² +
 * noise²), in which the equation is smooth at both ends and its slope is the velocity v̂ of [PD].
 *
 * <pre>  y = cos φ x₀ + sin φ ε,  dy/dφ = cos φ ε̂ − sin φ x̂₀ </pre>
 *
 * <p>Of the grid only the ends count, and the length of the first step, with which the search for
 * steps begins. The way from the cleanest noisy level to no noise is one step of {@link
 * EulerSampler}. The worst image of a batch decides the steps of all, so an image depends on its
 * neighbors within the tolerance.
 */
public final class AdaptiveOdeSampler implements Sampler {
  private static final double SHORTEST = 1e-10;

  private final NoiseGrid grid;
  private final Tolerance tolerance;

  /** The sampler between the ends of {@code grid}. */
  public AdaptiveOdeSampler(NoiseGrid grid, Tolerance tolerance) {
    this.grid = grid;
    this.tolerance = tolerance;
  }

  @Override
  public NoiseGrid grid() {
    return grid;
  }

  /** The solution from level {@code s} on; the first step tried is that of the grid. */
  @Override
  public Tensor sampleFrom(
      int s, Tensor xs, Denoiser denoiser, NoiseSource noise, SamplingListener listener) {
    grid.requireLevel(s);
    int last = grid.level(0).noise() == 0 ? 1 : 0; // where there is still noise to look at
    if (s < 1) {
      return xs;
    }
    WatchedDenoiser watched = new WatchedDenoiser(denoiser, listener, 0);
    try (NoGrad off = NoGrad.open();
        Scope chain = Scope.open()) {
      double angle = angle(grid.level(s));
      Tensor y = xs.dividedBy(radius(grid.level(s)));
      Tensor slope;
      try (Scope scope = Scope.open()) {
        slope = scope.keep(slope(y, angle, watched));
      }
      double h = angle - angle(grid.level(s - 1));
      double target = angle(grid.level(last));
      while (angle > target) {
        double to = h >= (1 - SHORTEST) * (angle - target) ? target : angle - h;
        watched.expect(DormandPrince.SLOPES * (int) Math.ceil((angle - target) / h));
        try (Scope scope = Scope.open()) {
          DormandPrince.Step step =
              DormandPrince.step(y, slope, angle, to, (x, u) -> slope(x, u, watched));
          double error = tolerance.measure(step.error(), y, step.y());
          h = (angle - to) * growth(error);
          if (error <= 1) {
            y.close();
            slope.close();
            y = scope.keep(step.y());
            slope = scope.keep(step.slope());
            angle = to;
          }
        }
        if (!(h > SHORTEST)) {
          throw new IllegalStateException(
              String.format(
                  Locale.ROOT,
                  "no step is short enough at sigma %s; does the denoiser return NaN?",
                  Math.tan(angle)));
        }
      }
      return chain.keep(turned(y, slope, angle));
    }
  }

  /** The way down to level 0 along the last slope: a turn by the angle that is left. */
  private Tensor turned(Tensor y, Tensor slope, double angle) {
    double left = angle - angle(grid.level(0));
    Tensor end = y.times(Math.cos(left)).minus(slope.times(Math.sin(left)));
    return end.times(radius(grid.level(0)));
  }

  /** The classical rule: a safe part of what an error of order 5 allows, within bounds. */
  private static double growth(double error) {
    return Double.isNaN(error) ? 0.2 : Math.min(5, Math.max(0.2, 0.9 * Math.pow(error, -0.2)));
  }

  private Tensor slope(Tensor y, double angle, Denoiser denoiser) {
    NoiseLevel level = level(angle);
    Estimate estimate = denoiser.estimate(y.times(radius(level)), level);
    return estimate
        .epsilonHat()
        .times(Math.cos(angle))
        .minus(estimate.x0Hat().times(Math.sin(angle)));
  }

  private NoiseLevel level(double angle) {
    for (int s : new int[] {0, 1, grid.steps()}) { // the ends, with their own times
      if (angle == angle(grid.level(s))) {
        return grid.level(s);
      }
    }
    return grid.curve().atSigma(Math.tan(angle));
  }

  private static double angle(NoiseLevel level) {
    return Math.atan2(level.noise(), level.signal());
  }

  private static double radius(NoiseLevel level) {
    return Math.hypot(level.signal(), level.noise());
  }
}
