package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All parameters of a network as one vector, and their gradients as another.
 *
 * <p>The network's parameters become views of the vector, so that one operation on it (an optimizer
 * step, a moving average, a norm) does for all of them what would otherwise take hundreds. The
 * backward pass adds the gradients straight into {@link #gradients}.
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
  private final Tensor gradients;

  /** Moves the parameters of a network into one vector. */
  public ParameterVector(Map<String, Tensor> parameters) {
    this(parameters, vector(parameters));
  }

  private ParameterVector(Map<String, Tensor> parameters, Tensor values) {
    this.parameters = hiddenFirst(parameters);
    this.hiddenMatrices =
        (int) parameters.entrySet().stream().filter(ParameterVector::isHiddenMatrix).count();
    this.values = values;
    this.gradients = Tensor.zeros(values.numel()).outlivingScopes();
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      Iterator<Tensor> homes = views(values).values().iterator();
      Iterator<Tensor> gradientHomes = views(gradients).values().iterator();
      for (Tensor parameter : this.parameters.values()) {
        parameter.rehome(homes.next());
        parameter.accumulateGradientInto(gradientHomes.next());
      }
    }
  }

  /** Returns a new vector with the values of the parameters. */
  private static Tensor vector(Map<String, Tensor> parameters) {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      List<Tensor> rows =
          hiddenFirst(parameters).values().stream().map(p -> p.reshape(p.numel())).toList();
      return Tensor.cat(rows, 0).outlivingScopes();
    }
  }

  /**
   * Gives another network of the same shape these values, in this memory, and gradients of its own.
   *
   * @return the vector of the other network; closing it frees its gradients only
   */
  ParameterVector sharedWith(Map<String, Tensor> others) {
    try (Scope scope = Scope.open()) {
      return new ParameterVector(others, values.narrow(0, 0, length()).outlivingScopes());
    }
  }

  /** Returns the values of all parameters, F32 [length]; writing here changes the network. */
  public Tensor values() {
    return values;
  }

  /** Returns the gradients of all parameters, F32 [length]. */
  public Tensor gradients() {
    return gradients;
  }

  /** Returns the number of numbers in all parameters. */
  public long length() {
    return values.numel();
  }

  /** Returns the hidden matrices; their values are the first part of {@link #values}. */
  public List<Tensor> hiddenMatrices() {
    return parameters.values().stream().limit(hiddenMatrices).toList();
  }

  /**
   * Cuts a vector of this length into pieces of the parameters' names and shapes, without copying.
   */
  public Map<String, Tensor> views(Tensor vector) {
    Map<String, Tensor> views = new LinkedHashMap<>();
    long start = 0;
    for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
      Tensor like = entry.getValue();
      views.put(entry.getKey(), vector.narrow(0, start, like.numel()).reshape(like.shape()));
      start += like.numel();
    }
    return views;
  }

  /** Returns a new vector of zeros of the same length, owned by whoever holds it. */
  Tensor zerosLike() {
    return Tensor.zeros(length()).outlivingScopes();
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
    values.close();
    gradients.close();
  }
}
