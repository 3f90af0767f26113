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
  private final StateVector momentum;
  private final Adam adam;
  private final Constants constants;

  /** An optimizer of all of {@code parameters}. */
  public Muon(ParameterVector parameters, Constants constants) {
    this.matrices = parameters.hiddenMatrices();
    this.constants = constants;
    this.momentum = StateVector.zerosLike(matrices);
    this.adam = new Adam(parameters.others(), constants.adam());
  }

  @Override
  public void step(long number, double learningRate) {
    adam.step(number, learningRate);
    for (int i = 0; i < matrices.size(); i++) {
      update(matrices.get(i), momentum.pieces().get(i), learningRate);
    }
  }

  private void update(Tensor matrix, Tensor average, double learningRate) {
    long rows = matrix.size(0);
    long columns = matrix.numel() / rows;
    double scale = Math.sqrt(Math.max(1, (double) rows / columns));
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      Tensor gradient = matrix.gradient();
      average.lerpInPlace(gradient, 1 - MOMENTUM);
      Tensor direction = gradient.copy().lerpInPlace(average, MOMENTUM);
      Tensor orthogonal = NewtonSchulz.orthogonalize(direction.reshape(rows, columns));
      matrix.plusInPlace(
          orthogonal.reshape(matrix.shape()), -learningRate * constants.rateRatio() * scale);
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new TreeMap<>(adam.state());
    state.put("momentum", momentum.whole());
    return state;
  }

  @Override
  public void close() {
    adam.close();
    momentum.close();
  }
}
