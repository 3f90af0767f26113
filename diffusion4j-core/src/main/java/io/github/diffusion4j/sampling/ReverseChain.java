package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/** The loop that samplers of one evaluation per step share; a kind of sampler is a kind of step. */
abstract class ReverseChain implements Sampler {
  private final SubSequence tau;

  ReverseChain(SubSequence tau) {
    this.tau = tau;
  }

  /** Returns the time that step {@code s} leaves. */
  final int t(int s) {
    return tau.t(s);
  }

  /** Returns x at τ₍s−1₎ from x at τₛ. */
  abstract Tensor step(Tensor xt, Estimate estimate, int s, NoiseSource noise);

  @Override
  public final Tensor sample(
      Denoiser denoiser, NoiseSource noise, SamplingListener listener, long... shape) {
    try (NoGrad off = NoGrad.open();
        Scope chain = Scope.open()) {
      Tensor xt = noise.xT(shape);
      for (int s = tau.length(); s >= 1; s--) {
        Tensor xPrev;
        try (Scope scope = Scope.open()) {
          Estimate estimate = denoiser.estimate(xt, tau.t(s));
          listener.onStep(
              new SamplingListener.Step(
                  tau.length() - s + 1, tau.length(), tau.t(s), xt, estimate));
          xPrev = scope.keep(step(xt, estimate, s, noise));
        }
        if (s < tau.length()) { // x_T may be a tensor that the noise source goes on using
          xt.close();
        }
        xt = xPrev;
      }
      return chain.keep(xt);
    }
  }

  @Override
  public final int evaluations() {
    return tau.length();
  }
}
