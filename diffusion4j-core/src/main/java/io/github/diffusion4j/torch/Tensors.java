package io.github.diffusion4j.torch;

import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

/** Operations that work on many tensors at a time, which is faster than on one after the other. */
public final class Tensors {
  private static final Operator NORM = new Operator("aten::_foreach_norm", "Scalar");
  private static final Operator TIMES = new Operator("aten::_foreach_mul_", "Scalar");
  private static final Operator PLUS = new Operator("aten::_foreach_add_", "List");

  private Tensors() {}

  /** Returns the root of the sum of the squares of all elements. */
  public static double norm(List<Tensor> tensors) {
    try (Scope scope = Scope.open()) {
      IValue norms =
          NORM.call(Operator.list(tensors), new IValue(new Scalar(2.0)), new IValue()).get(0);
      return new Tensor(torch.stack(norms.toTensorVector())).norm().item();
    }
  }

  /** Multiplies every element with {@code factor}, in place. */
  public static void timesInPlace(List<Tensor> tensors, double factor) {
    try (Scope scope = Scope.open()) {
      TIMES.call(Operator.list(tensors), new IValue(new Scalar(factor)));
    }
  }

  /** Adds to each of {@code sums} the tensor at its place in {@code others}, in place. */
  public static void plusInPlace(List<Tensor> sums, List<Tensor> others) {
    try (Scope scope = Scope.open()) {
      PLUS.call(Operator.list(sums), Operator.list(others), new IValue(new Scalar(1)));
    }
  }
}
