package io.github.diffusion4j.training;

import io.github.diffusion4j.data.Batches;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.Map;

/** What a {@link Trainer} teaches: networks in training, with their optimizers and averages. */
public interface Learner extends AutoCloseable {
  /**
   * Takes one step; called in a scope of its own.
   *
   * @param number 1 for the first step of the training
   * @param rate the learning rate
   * @param batches where the data come from; each step takes equally many batches
   * @param seed all randomness of the step
   */
  Outcome step(long number, double rate, Batches batches, Seed seed) throws IOException;

  /**
   * Returns every vector that the next step builds on, by name; they are the learner's own memory,
   * so writing into them restores a state.
   */
  Map<String, Tensor> vectors();

  /** Returns how many numbers the network learns that samples are drawn with. */
  long parameterCount();

  /** Returns whether every step makes the reported loss smaller, so that a large one is bad. */
  default boolean minimizesOneLoss() {
    return true;
  }

  @Override
  void close();

  /**
   * What a step came to.
   *
   * @param loss the mean loss of the batch
   * @param gradientNorm the norm of the gradient before clipping
   * @param terms parts of the loss and whatever else is worth a place in the log, by name
   */
  record Outcome(double loss, double gradientNorm, Map<String, Double> terms) {
    /** An outcome whose loss has no parts. */
    public static Outcome of(double loss, double gradientNorm) {
      return new Outcome(loss, gradientNorm, Map.of());
    }
  }
}
