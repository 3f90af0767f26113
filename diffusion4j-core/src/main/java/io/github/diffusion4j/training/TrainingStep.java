package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.NetworkInput;
import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * One look at a batch of images or points, [DDPM Alg. 1].
 *
 * <pre>
 *  1: repeat
 *  2:   x₀ ~ q(x₀)
 *  3:   t ~ Uniform({1, …, T})
 *  4:   ε ~ N(0, I)
 *  5:   take a gradient step on ∇_θ ‖ε − ε_θ(√ᾱₜ x₀ + √(1−ᾱₜ) ε, t)‖²
 *  6: until converged </pre>
 *
 * <p>Lines 1, 2 and 6, and the optimizer that uses the gradient, are in {@link Trainer}.
 */
public final class TrainingStep {
  private final Network network;
  private final ForwardProcess process;
  private final TimestepSampler timesteps;
  private final Loss loss;
  private final double dropout;
  private final NetworkInput input;

  /** A step that teaches {@code network} what {@code objective} asks for. */
  public TrainingStep(Network network, ForwardProcess process, Objective objective) {
    this(network, process, objective, NetworkInput.OF_STEPS);
  }

  /** As the other, for a network that is asked in another way. */
  public TrainingStep(
      Network network, ForwardProcess process, Objective objective, NetworkInput input) {
    this.network = network;
    this.process = process;
    this.timesteps = objective.timesteps();
    this.loss = objective.loss();
    this.dropout = objective.dropout();
    this.input = input;
  }

  /** Returns the step that teaches another network the same. */
  TrainingStep with(Network other) {
    return new TrainingStep(other, process, new Objective(timesteps, loss, dropout), input);
  }

  /**
   * What is minimized.
   *
   * @param timesteps how times are drawn
   * @param loss what the network is asked for, and what its errors cost
   * @param dropout probability with which an activation is dropped, in [0, 1)
   */
  public record Objective(TimestepSampler timesteps, Loss loss, double dropout) {}

  /**
   * All that is random in one look at N samples.
   *
   * @param t times of the samples, each in 1…T
   * @param weights factors that make up for how often these times are drawn
   * @param epsilon noise of the samples' shape
   * @param dropout what decides over the activations that are dropped
   */
  record Draw(int[] t, double[] weights, Tensor epsilon, Seed dropout) {
    /** Returns a draw of given times and noise, without weights; for a step without dropout. */
    static Draw given(Tensor epsilon, int... t) {
      return new Draw(t, TimestepSampler.uniform(1).weights(t), epsilon, Seed.of(0));
    }

    /** Returns the draw of {@code count} of the samples, from {@code first} on. */
    Draw part(int first, int count) {
      return new Draw(
          Arrays.copyOfRange(t, first, first + count),
          Arrays.copyOfRange(weights, first, first + count),
          epsilon.narrow(0, first, count),
          first == 0 ? dropout : dropout.derive(first));
    }
  }

  /**
   * Returns the mean loss of the samples; its {@code backward()} gives the gradient.
   *
   * @param x0 images [N, C, H, W] in [−1, 1], or points [N, D]
   * @param labels classes, I64 [N], for a class-conditional network
   * @param seed all randomness of this step
   */
  public Tensor loss(Tensor x0, Optional<Tensor> labels, Seed seed) {
    return loss(x0, labels, draw(x0, seed));
  }

  /** The same with times and noise given. */
  Tensor loss(Tensor x0, Optional<Tensor> labels, Draw draw) {
    Tensor losses = perSample(x0, labels, draw);
    timesteps.observe(draw.t(), losses);
    return losses.times(Tensor.of(draw.weights(), draw.t().length).to(losses.type())).mean();
  }

  /** Draws times and noise for the samples. */
  Draw draw(Tensor x0, Seed seed) {
    int[] t = timesteps.draw((int) x0.size(0), seed.derive("t"));
    Tensor epsilon = seed.derive("epsilon").normal(x0.shape()).like(x0);
    return new Draw(t, timesteps.weights(t), epsilon, seed.derive("dropout"));
  }

  /** Returns the loss of each sample, [N], before weights. */
  Tensor perSample(Tensor x0, Optional<Tensor> labels, Draw draw) {
    NoisyBatch batch = NoisyBatch.of(process, x0, draw.t(), draw.epsilon());
    Tensor seen = input.images(batch.xt(), batch.levels());
    Dropout drop = dropout == 0 ? Dropout.NONE : Dropout.of(dropout, draw.dropout());
    Tensor output = network.forward(seen, input.time(batch.levels()), labels, drop);
    return loss.perSample(batch, NetworkOutput.of(output, x0));
  }

  /** Lets the times learn from the losses of a draw; returns the mean loss, with weights. */
  double heard(Draw draw, double... losses) {
    try (Scope scope = Scope.open()) {
      timesteps.observe(draw.t(), Tensor.of(losses, losses.length));
    }
    double sum = 0;
    for (int n = 0; n < losses.length; n++) {
      sum += draw.weights()[n] * losses[n];
    }
    return sum / losses.length;
  }
}
