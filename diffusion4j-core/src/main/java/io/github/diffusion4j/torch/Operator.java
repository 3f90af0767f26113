package io.github.diffusion4j.torch;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorList;

/** An operator that libtorch knows by name and the binding has no method for. */
final class Operator {
  static {
    Engine.load();
  }

  private final OperatorHandle raw;

  /**
   * Finds an operator.
   *
   * @param name with its namespace, as in {@code aten::add}
   * @param overload empty for an operator that has no variants
   */
  Operator(String name, String overload) {
    raw = Dispatcher.singleton().findSchemaOrThrow(name, overload);
    raw.retainReference();
  }

  /** Calls the operator; the results, and all on the way, belong to the scope that is open. */
  IValueVector call(IValue... arguments) {
    IValueVector stack = new IValueVector(arguments);
    raw.callBoxed(stack);
    return stack;
  }

  /** Returns tensors as one argument. */
  static IValue list(List<Tensor> tensors) {
    TensorList list = new TensorList();
    tensors.forEach(tensor -> list.push_back(tensor.raw()));
    return new IValue(new GenericList(list)); // the same object: lists differ in C++'s types only
  }
}
