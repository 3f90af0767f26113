package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Tensor;

/**
 * Euler's method with churn as diffusers has it: the noise comes after the evaluation, so that the
 * network has not seen it.
 *
 * <pre>
 *  F  = the network's output for x at σ,  x̂ = x + √(σ̂² − σ²) z,  σ̂ = (1 + γ) σ
 *  x' = x̂ + (σ' − σ̂) (x̂ − x̂₀) / σ̂,     x̂₀ of F and x̂ at σ̂ </pre>
 *
 * <p>For a network that predicts v, x̂₀ is taken at σ. {@link EulerSampler} follows [EDM], which
 * evaluates at σ̂; use this one only to repeat the numbers of EulerDiscreteScheduler and
 * EDMEulerScheduler.
 */
public final class LateChurnEulerSampler extends StagedChain {
  private final Churn churn;
  private final Prediction prediction;

  /**
   * The sampler that goes down the levels of {@code grid}.
   *
   * @param prediction what the network predicts
   */
  public LateChurnEulerSampler(NoiseGrid grid, Churn churn, Prediction prediction) {
    super(grid);
    this.churn = churn;
    this.prediction = prediction;
  }

  @Override
  int looks(int s) {
    return 1;
  }

  @Override
  Tensor step(int s, Tensor xt, WatchedDenoiser denoiser, NoiseSource noise) {
    NoiseLevel now = level(s);
    NoiseLevel next = level(s - 1);
    Estimate estimate = denoiser.estimate(xt, now);
    double gamma = churn.gamma(now.sigma(), steps());
    if (gamma == 0) {
      return estimate.at(next);
    }
    double raised = (1 + gamma) * now.sigma();
    double fresh = churn.deviation() * Math.sqrt(raised * raised - now.sigma() * now.sigma());
    Tensor x = xt.dividedBy(now.signal()).plus(noise.z(s, xt.shape()).times(fresh));
    NoiseLevel level =
        prediction.equals(Prediction.V) ? now : new NoiseLevel(now.t(), 1, raised); // as diffusers
    Tensor output =
        prediction.target(estimate.x0Hat(), estimate.epsilonHat(), BatchLevels.same(now, xt));
    Tensor x0Hat = prediction.x0Hat(x.times(level.signal()), output, BatchLevels.same(level, xt));
    Tensor direction = x.minus(x0Hat).dividedBy(raised);
    return x0Hat.plus(direction.times(next.sigma())).times(next.signal());
  }
}
