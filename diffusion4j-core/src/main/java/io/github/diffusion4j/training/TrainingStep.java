package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.NetworkInput;
import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
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

  /**
   * What is minimized.
   *
   * @param timesteps how times are drawn
   * @param loss what the network is asked for, and what its errors cost
   * @param dropout probability with which an activation is dropped, in [0, 1)
   */
  public record Objective(TimestepSampler timesteps, Loss loss, double dropout) {}

  /**
   * Returns the mean loss of the samples; its {@code backward()} gives the gradient.
   *
   * @param x0 images [N, C, H, W] in [−1, 1], or points [N, D]
   * @param labels classes, I64 [N], for a class-conditional network
   * @param seed all randomness of this step
   */
  public Tensor loss(Tensor x0, Optional<Tensor> labels, Seed seed) {
    int[] t = timesteps.draw((int) x0.size(0), seed.derive("t"));
    Tensor epsilon = seed.derive("epsilon").normal(x0.shape()).like(x0);
    Dropout drop = dropout == 0 ? Dropout.NONE : Dropout.of(dropout, seed.derive("dropout"));
    return loss(x0, labels, t, epsilon, drop);
  }

  /** The same with times, noise and dropout given. */
  Tensor loss(Tensor x0, Optional<Tensor> labels, int[] t, Tensor epsilon, Dropout drop) {
    NoisyBatch batch = NoisyBatch.of(process, x0, t, epsilon);
    Tensor seen = input.images(batch.xt(), batch.levels());
    Tensor output = network.forward(seen, input.time(batch.levels()), labels, drop);
    Tensor losses = loss.perSample(batch, NetworkOutput.of(output, x0));
    Tensor weights = Tensor.of(timesteps.weights(t), t.length).to(losses.type());
    timesteps.observe(t, losses);
    return losses.times(weights).mean();
  }
}
