package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;

/** The denoiser of one run: it tells the listener of every look, and knows the first of a step. */
final class WatchedDenoiser implements Denoiser {
  private final Denoiser denoiser;
  private final SamplingListener listener;
  private int number;
  private int of;
  private Looks looks = Looks.none();
  private int steps;
  private boolean firstOfStep;

  WatchedDenoiser(Denoiser denoiser, SamplingListener listener, int of) {
    this.denoiser = denoiser;
    this.listener = listener;
    this.of = of;
  }

  /** Begins a step; {@code past} are the looks that are remembered. */
  void begin(Looks past) {
    looks = past;
    steps++;
    firstOfStep = true;
  }

  /** The first look of the present step, and before it those that were remembered. */
  Looks looks() {
    return looks;
  }

  /** Returns the number of the present step in this run: 1 for the first. */
  int step() {
    return steps;
  }

  /** Corrects how many looks there are going to be. */
  void expect(int more) {
    of = number + more;
  }

  @Override
  public Estimate estimate(Tensor xt, NoiseLevel level) {
    Estimate estimate;
    try (Scope scope = Scope.open()) { // what a network needs on the way is freed after each look
      estimate = denoiser.estimate(xt, level);
      number++;
      of = Math.max(of, number);
      listener.onStep(new SamplingListener.Step(number, of, level, xt, estimate));
      scope.keep(estimate.x0Hat());
      scope.keep(estimate.epsilonHat());
      estimate.variance().ifPresent(scope::keep);
    }
    if (firstOfStep) {
      looks = looks.plus(level, xt, estimate);
      firstOfStep = false;
    }
    return estimate;
  }
}
