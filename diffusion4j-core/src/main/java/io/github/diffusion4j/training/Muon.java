package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Muon (Jordan et al. 2024): momentum whose update of each hidden matrix is made orthogonal, so
 * that all directions of a layer learn at the same pace; {@link Adam} for everything else.
 *
 * <pre>
 *  M ← μ M + (1 − μ) G,  μ = 0.95
 *  W ← W − lr · √max(1, rows / columns) · orthogonal((1 − μ) G + μ M) </pre>
 *
 * <p>The weights of a convolution [O, I, k, k] count as a matrix of O rows and I·k² columns.
 */
public final class Muon implements Optimizer {
  /**
   * The constants of the method.
   *
   * @param rateRatio learning rate of the hidden matrices, as a multiple of Adam's
   * @param adam the constants for the other parameters
   */
  public record Constants(double rateRatio, Adam.Constants adam) {}

  private static final double MOMENTUM = 0.95;

  private final List<Tensor> matrices;
  private final Tensor gradients;
  private final Tensor otherValues;
  private final Tensor otherGradients;
  private final Tensor momentum;
  private final Adam adam;
  private final Constants constants;

  /** An optimizer of all of {@code parameters}. */
  public Muon(ParameterVector parameters, Constants constants) {
    this.matrices = parameters.hiddenMatrices();
    this.constants = constants;
    long hidden = matrices.stream().mapToLong(Tensor::numel).sum();
    long others = parameters.length() - hidden;
    this.gradients = parameters.gradients().narrow(0, 0, hidden).outlivingScopes();
    this.momentum = Tensor.zeros(hidden).outlivingScopes();
    this.otherValues = parameters.values().narrow(0, hidden, others).outlivingScopes();
    this.otherGradients = parameters.gradients().narrow(0, hidden, others).outlivingScopes();
    this.adam = new Adam(otherValues, otherGradients, constants.adam());
  }

  @Override
  public void step(long number, double learningRate) {
    adam.step(number, learningRate);
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      momentum.lerpInPlace(gradients, 1 - MOMENTUM);
      Tensor direction = gradients.copy().lerpInPlace(momentum, MOMENTUM);
      long start = 0;
      for (Tensor matrix : matrices) {
        update(matrix, direction.narrow(0, start, matrix.numel()), learningRate);
        start += matrix.numel();
      }
    }
  }

  private void update(Tensor matrix, Tensor direction, double learningRate) {
    long rows = matrix.size(0);
    long columns = matrix.numel() / rows;
    Tensor orthogonal = NewtonSchulz.orthogonalize(direction.reshape(rows, columns));
    double scale = Math.sqrt(Math.max(1, (double) rows / columns));
    matrix.plusInPlace(
        orthogonal.reshape(matrix.shape()), -learningRate * constants.rateRatio() * scale);
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new TreeMap<>(adam.state());
    state.put("momentum", momentum);
    return state;
  }

  @Override
  public void close() {
    adam.close();
    otherGradients.close();
    otherValues.close();
    momentum.close();
    gradients.close();
  }
}
