package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.diffusion.NoiseCurve;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.Estimate;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Recording;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;

/**
 * The exact log-likelihood of continuous data under the probability-flow ODE, which carries the law
 * of the noise to that of the images without losing a point ([ScoreSDE]).
 *
 * <pre>
 *  dx̄/dσ = ε̂(x̄, σ),   d ln p(x̄)/dσ = −div ε̂   along the way,   x̄ = xₜ / signal </pre>
 *
 * <p>A point is followed from the smallest σ to the largest, where its density is that of a
 * Gaussian. What makes images from the ODE is another model than the chain of {@link
 * VariationalBound}, though it has the same network.
 *
 * <p>It is integrated in the coordinates y = x̄ / √(1 + σ²), which stay of one size, whatever the
 * process, and over u = ln(σ / (1 + σ)), which is ln σ where there is little noise and hardly
 * changes any more where there is nothing else. Both are only changes of variables.
 */
public final class ProbabilityFlowLikelihood {
  /** Steps that make the error of the integration small against all others; 4 evaluations each. */
  public static final int ENOUGH_STEPS = 32;

  private final NoiseCurve curve;
  private final Ends ends;
  private final Divergence divergence;
  private final int steps;

  /**
   * Where the flow begins and ends.
   *
   * @param smallestSigma the σ at which points are given. A network knows nothing of less noise
   *     than it was trained with
   * @param largestSigma the σ at which only noise is left
   * @param secondMoment E[x₀²] of the data, for what little of them is left at the largest σ
   */
  public record Ends(double smallestSigma, double largestSigma, double secondMoment) {
    /** Refuses empty ranges. */
    public Ends {
      if (!(smallestSigma > 0
          && smallestSigma < largestSigma
          && largestSigma < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "σ goes from %s to %s; allowed: 0 < smallest < largest < ∞",
                smallestSigma,
                largestSigma));
      }
      if (!(secondMoment >= 0)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "second moment is %s; allowed: 0 or more", secondMoment));
      }
    }
  }

  /** The likelihood with the given number of integration steps, 4 evaluations each. */
  public ProbabilityFlowLikelihood(NoiseCurve curve, Ends ends, Divergence divergence, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps is " + steps + "; allowed: at least 1");
    }
    this.curve = curve;
    this.ends = ends;
    this.divergence = divergence;
    this.steps = steps;
  }

  /** Returns the level at which points are given. */
  public NoiseLevel start() {
    return curve.atSigma(ends.smallestSigma);
  }

  /**
   * Returns ln p(x) of each point, in nats.
   *
   * @param x points at the smallest σ, in the coordinates of the process, [N, …]; the denoiser is
   *     asked in their type
   * @param seeds one for each point, from which its probes are drawn
   * @param progress told the part that is done, in (0, 1]
   */
  public double[] logDensity(
      Denoiser denoiser, Tensor x, List<Seed> seeds, DoubleConsumer progress) {
    try (Scope scope = Scope.open()) {
      long points = x.size(0);
      long dimensions = x.numel() / points;
      double scale = perUnit(start());
      Flow flow = new Flow(denoiser, divergence.probes(seeds, x), x);
      Tensor flat = x.to(DType.F64).reshape(points, -1).dividedBy(scale);
      Tensor state = Tensor.cat(List.of(flat, Tensor.zeros(DType.F64, points, 1)), 1);
      Tensor end =
          RungeKutta.integrate(
              flow,
              state,
              fromSigma(ends.smallestSigma),
              fromSigma(ends.largestSigma),
              steps,
              progress);
      Tensor divergences = end.select(1, dimensions);
      Tensor logPrior = logPrior(end.narrow(1, 0, dimensions));
      return logPrior.plus(divergences).minus(dimensions * Math.log(scale)).toDoubles();
    }
  }

  /** y of a Gaussian with the second moment of the data, at the largest σ. */
  private Tensor logPrior(Tensor y) {
    double signal = 1 / Math.hypot(1, ends.largestSigma);
    double noise = ends.largestSigma * signal;
    double variance = signal * signal * ends.secondMoment + noise * noise;
    double constant = -0.5 * y.size(1) * Math.log(2 * Math.PI * variance);
    return y.square().sum(1).times(-0.5 / variance).plus(constant);
  }

  /** Returns how long in the coordinates of the process what has length 1 in y is. */
  private static double perUnit(NoiseLevel level) {
    return Math.hypot(level.signal(), level.noise());
  }

  private static double fromSigma(double sigma) {
    return -Math.log1p(1 / sigma);
  }

  /** dy/du and the divergence of it, in one row for each point. */
  private final class Flow implements RungeKutta.Field {
    private final Denoiser denoiser;
    private final List<Tensor> probes;
    private final Tensor like;

    Flow(Denoiser denoiser, List<Tensor> probes, Tensor like) {
      this.denoiser = denoiser;
      this.probes = probes;
      this.like = like;
    }

    /**
     * With tan φ = σ, signal = cos φ and noise = sin φ, dy/dφ is the velocity that {@code
     * Prediction.V} predicts, and dφ/du = noise · signal · (1 + σ).
     */
    @Override
    public Tensor at(double u, Tensor state) {
      double sigma = 1 / Math.expm1(-u);
      NoiseLevel level = curve.atSigma(sigma);
      double signal = 1 / Math.hypot(1, sigma);
      double noise = sigma * signal;
      try (Scope scope = Scope.open();
          Recording on = Recording.open()) {
        Tensor y = state.narrow(1, 0, state.size(1) - 1).to(like.type()).reshape(like.shape());
        y = y.copy().trainable();
        Estimate estimate = denoiser.estimate(y.times(perUnit(level)), level);
        Tensor velocity = estimate.epsilonHat().times(signal).minus(estimate.x0Hat().times(noise));
        Tensor slope = velocity.detach().to(DType.F64).reshape(y.size(0), -1);
        Tensor row = Tensor.cat(List.of(slope, divergence(velocity, y)), 1);
        return scope.keep(row.times(noise * signal * (1 + sigma)));
      }
    }

    private Tensor divergence(Tensor velocity, Tensor y) {
      Tensor sum = Tensor.zeros(DType.F64, y.size(0), 1);
      for (Tensor probe : probes) {
        try (Scope scope = Scope.open()) {
          Tensor product = velocity.times(probe).sum().derivativeBy(y).times(probe);
          sum.plusInPlace(product.to(DType.F64).reshape(y.size(0), -1).sum(1).reshape(-1, 1), 1);
        }
      }
      return sum;
    }
  }
}
