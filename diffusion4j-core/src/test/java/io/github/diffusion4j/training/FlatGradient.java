package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;

/** The gradients of parameters as one row of numbers. */
final class FlatGradient {
  private FlatGradient() {}

  static double[] of(ParameterVector parameters) {
    return of(parameters.all());
  }

  static double[] of(List<Tensor> parameters) {
    try (Scope scope = Scope.open()) {
      List<Tensor> rows = parameters.stream().map(p -> p.gradient().reshape(p.numel())).toList();
      return Tensor.cat(rows, 0).toDoubles();
    }
  }

  /** Makes {@code gradient} the gradient of {@code parameter}, as a loss does that has it. */
  static void set(Tensor parameter, Tensor gradient) {
    parameter.clearGradient();
    parameter.times(gradient).sum().backward();
  }
}
