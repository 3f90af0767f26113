package io.github.diffusion4j.training;

import io.github.diffusion4j.config.EmaConfig;
import io.github.diffusion4j.config.LoopConfig;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of a network in training: one vector, its gradients, its optimizer and, where one is
 * kept, its moving average.
 */
public final class TrainedWeights implements AutoCloseable {
  private final ParameterVector weights;
  private final Optimizer optimizer;
  private final double longestGradient;
  private final Optional<Average> average;

  private record Average(ParameterVector weights, Ema ema) {}

  private TrainedWeights(
      Map<String, Tensor> parameters, Optional<Map<String, Tensor>> average, LoopConfig config) {
    this.weights = new ParameterVector(parameters);
    this.optimizer = FromConfig.optimizer(config.optimizer(), weights);
    this.longestGradient = config.optimizer().gradientClip().orElse(Double.MAX_VALUE);
    this.average = average.map(into -> average(into, config.ema()));
  }

  /** Trains the parameters of a network. */
  public static TrainedWeights of(Map<String, Tensor> parameters, LoopConfig config) {
    return new TrainedWeights(parameters, Optional.empty(), config);
  }

  /**
   * Trains the parameters of a network, and keeps their moving average in those of another one that
   * was begun like it.
   */
  public static TrainedWeights averaged(
      Map<String, Tensor> parameters, Map<String, Tensor> average, LoopConfig config) {
    return new TrainedWeights(parameters, Optional.of(average), config);
  }

  private Average average(Map<String, Tensor> into, EmaConfig config) {
    ParameterVector vector = new ParameterVector(into);
    return new Average(vector, new Ema(vector.values(), weights.values(), FromConfig.ema(config)));
  }

  /** Returns the vector of the weights, which remains this object's. */
  ParameterVector vector() {
    return weights;
  }

  /** Forgets all gradients. */
  public void clearGradients() {
    weights.clearGradients();
  }

  /** Shortens a gradient that is longer than the limit; returns the norm it had. */
  public double clipGradients() {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      List<Tensor> gradients = weights.gradients();
      double norm = Tensors.norm(gradients);
      if (norm > longestGradient) {
        Tensors.timesInPlace(gradients, longestGradient / norm);
      }
      return norm;
    }
  }

  /** Changes the weights by their gradients, and the average by the weights. */
  public void step(long number, double rate) {
    optimizer.step(number, rate);
    average.ifPresent(kept -> kept.ema().update(number));
  }

  /** Returns the vectors that the next step builds on, by name. */
  public Map<String, Tensor> vectors() {
    Map<String, Tensor> vectors = new LinkedHashMap<>();
    vectors.put("weights", weights.values());
    average.ifPresent(kept -> vectors.put("average", kept.weights().values()));
    optimizer.state().forEach((name, vector) -> vectors.put("optimizer." + name, vector));
    return vectors;
  }

  /** Returns how many numbers there are. */
  public long length() {
    return weights.length();
  }

  @Override
  public void close() {
    optimizer.close();
    average.ifPresent(kept -> kept.weights().close());
    weights.close();
  }
}
