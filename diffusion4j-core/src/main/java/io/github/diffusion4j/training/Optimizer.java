package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.Tensor;
import java.util.Map;

/** Changes the parameters by what their gradients say. */
public interface Optimizer extends AutoCloseable {
  /**
   * Takes one step.
   *
   * @param number 1 for the first step of the training, then 2, …
   * @param learningRate how far to go
   */
  void step(long number, double learningRate);

  /**
   * Returns the vectors that the next step builds on, by name, each as long as the parameters;
   * writing into them restores a state.
   */
  Map<String, Tensor> state();

  @Override
  void close();
}
