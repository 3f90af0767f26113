package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;

/** What the network is asked to predict; each kind can be computed from each other. */
public enum Prediction {
  /** The noise ε that was added; the paper's choice. */
  EPSILON {
    @Override
    public Tensor target(ForwardProcess process, Tensor x0, int[] t, Tensor epsilon) {
      return epsilon;
    }

    @Override
    public Tensor x0Hat(ForwardProcess process, Tensor xt, int[] t, Tensor output) {
      return process.x0FromEpsilon(xt, t, output);
    }
  },
  /** The clean image x₀. */
  X0 {
    @Override
    public Tensor target(ForwardProcess process, Tensor x0, int[] t, Tensor epsilon) {
      return x0;
    }

    @Override
    public Tensor x0Hat(ForwardProcess process, Tensor xt, int[] t, Tensor output) {
      return output;
    }
  },
  /** The velocity v = √ᾱ ε − √(1−ᾱ) x₀, well behaved at both ends of time. */
  V {
    @Override
    public Tensor target(ForwardProcess process, Tensor x0, int[] t, Tensor epsilon) {
      return process.velocity(x0, t, epsilon);
    }

    @Override
    public Tensor x0Hat(ForwardProcess process, Tensor xt, int[] t, Tensor output) {
      return process.x0FromVelocity(xt, t, output);
    }
  };

  /** Returns what the network should have said for xₜ made of {@code x0} and {@code epsilon}. */
  public abstract Tensor target(ForwardProcess process, Tensor x0, int[] t, Tensor epsilon);

  /** Returns the estimate of x₀ that the network's {@code output} for {@code xt} amounts to. */
  public abstract Tensor x0Hat(ForwardProcess process, Tensor xt, int[] t, Tensor output);
}
