package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * All parameters of a network as one vector.
 *
 * <p>The network's parameters become views of the vector, so that one operation on it (a moving
 * average, a copy) does for all of them what would otherwise take hundreds. Their gradients are
 * tensors of their own, which the backward pass makes: they take memory only from there until they
 * are cleared.
 *
 * <p>The hidden matrices come first, the rest after them, each in the network's order: {@link Muon}
 * treats the two parts differently. Hidden matrices are the weights of convolutions and linear
 * layers, but for the input, the output and the path of time and class.
 */
public final class ParameterVector implements AutoCloseable {
  private static final List<String> NOT_HIDDEN =
      List.of(
          "conv_in.",
          "conv_out.",
          "linear_in.",
          "linear_out.",
          "time_embedding.",
          "time_proj.",
          "class_embedding.",
          "time_emb_proj.",
          "norm1.linear.",
          "norm2.linear.",
          "skip_conv.");

  private final Map<String, Tensor> parameters;
  private final int hiddenMatrices;
  private final Tensor values;

  /** Moves the parameters of a network, with the values that they have, into one vector. */
  public ParameterVector(Map<String, Tensor> parameters) {
    this(parameters, Tensor.zeros(count(parameters)).outlivingScopes());
    moveIn(ParameterVector::moveWithValues);
  }

  /** A vector that no parameter has moved into yet. */
  private ParameterVector(Map<String, Tensor> parameters, Tensor values) {
    this.parameters = hiddenFirst(parameters);
    this.hiddenMatrices =
        (int) parameters.entrySet().stream().filter(ParameterVector::isHiddenMatrix).count();
    this.values = values;
  }

  private void moveIn(BiConsumer<Tensor, Tensor> move) {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      Iterator<Tensor> homes = StateVector.pieces(values, parameters.values()).iterator();
      parameters.values().forEach(parameter -> move.accept(parameter, homes.next()));
    }
  }

  private static void moveWithValues(Tensor parameter, Tensor home) {
    if (parameter.hasHome()) {
      home.copyInPlace(parameter);
    }
    parameter.rehome(home);
  }

  private static long count(Map<String, Tensor> parameters) {
    return parameters.values().stream().mapToLong(Tensor::numel).sum();
  }

  /**
   * Gives another network of the same shape these values, in this memory.
   *
   * @return the vector of the other network; closing it leaves this one as it is
   */
  ParameterVector sharedWith(Map<String, Tensor> others) {
    try (Scope scope = Scope.open()) {
      Tensor shared = values.narrow(0, 0, length()).outlivingScopes();
      ParameterVector vector = new ParameterVector(others, shared);
      vector.moveIn(Tensor::rehome);
      return vector;
    }
  }

  /** Returns the values of all parameters, F32 [length]; writing here changes the network. */
  public Tensor values() {
    return values;
  }

  /** Returns the gradients of all parameters, in the order of {@link #values}. */
  public List<Tensor> gradients() {
    return parameters.values().stream().map(Tensor::gradient).toList();
  }

  /** Forgets all gradients and frees their memory. */
  public void clearGradients() {
    try (Scope scope = Scope.open()) {
      parameters.values().forEach(Tensor::clearGradient);
    }
  }

  /** Returns the number of numbers in all parameters. */
  public long length() {
    return values.numel();
  }

  /** Returns the hidden matrices; their values are the first part of {@link #values}. */
  public List<Tensor> hiddenMatrices() {
    return parameters.values().stream().limit(hiddenMatrices).toList();
  }

  /** Returns the other parameters; their values are the rest of {@link #values}. */
  public List<Tensor> others() {
    return parameters.values().stream().skip(hiddenMatrices).toList();
  }

  /** Returns all parameters, in the order of {@link #values}. */
  public List<Tensor> all() {
    return List.copyOf(parameters.values());
  }

  /**
   * Cuts a vector of this length into pieces of the parameters' names and shapes, without copying.
   */
  public Map<String, Tensor> views(Tensor vector) {
    Iterator<Tensor> pieces = StateVector.pieces(vector, parameters.values()).iterator();
    Map<String, Tensor> views = new LinkedHashMap<>();
    parameters.keySet().forEach(name -> views.put(name, pieces.next()));
    return views;
  }

  private static Map<String, Tensor> hiddenFirst(Map<String, Tensor> parameters) {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (boolean hidden : new boolean[] {true, false}) {
      parameters.entrySet().stream()
          .filter(entry -> isHiddenMatrix(entry) == hidden)
          .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    }
    return ordered;
  }

  private static boolean isHiddenMatrix(Map.Entry<String, Tensor> parameter) {
    return parameter.getValue().shape().length >= 2
        && NOT_HIDDEN.stream().noneMatch(parameter.getKey()::contains);
  }

  @Override
  public void close() {
    clearGradients();
    values.close();
  }
}
