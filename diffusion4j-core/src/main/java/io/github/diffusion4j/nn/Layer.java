package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Device;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * A part of a network: it owns named parameters and other layers.
 *
 * <p>Parameters belong to the layer and to no {@link Scope}; {@link #close()} of the outermost
 * layer frees them all. The parameters of a layer that was just made have neither values nor memory
 * until {@link #initialize} or {@link #load} has been called on it or on a layer around it.
 */
public abstract class Layer implements AutoCloseable {
  private static final int NAMES_IN_MESSAGE = 3;

  private record Parameter(Tensor value, Initial initial) {}

  private final Map<String, Parameter> own = new LinkedHashMap<>();
  private final List<Tensor> constants = new ArrayList<>();
  private final Map<String, Layer> children = new LinkedHashMap<>();

  /** Makes a trainable parameter of this layer. */
  protected final Tensor parameter(String name, Initial initial, long... shape) {
    try (Scope scope = Scope.open()) {
      Tensor value = Tensor.homeless(shape).trainable().outlivingScopes();
      own.put(name, new Parameter(value, initial));
      return value;
    }
  }

  /** Takes over a tensor that moves with the layer but is not trained, nor saved. */
  protected final Tensor constant(Tensor value) {
    constants.add(value.outlivingScopes());
    return value;
  }

  /** Takes over {@code layer}, whose parameters' names begin with {@code name} and a dot. */
  protected final <L extends Layer> L child(String name, L layer) {
    children.put(name, layer);
    return layer;
  }

  /**
   * Returns the parameters of this layer and all layers in it.
   *
   * @return full dotted names, in the order of a diffusers state dict, to the parameters themselves
   */
  public final Map<String, Tensor> parameters() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    visit("", (name, parameter) -> all.put(name, parameter.value()));
    return Collections.unmodifiableMap(all);
  }

  /** Returns how many numbers the parameters hold. */
  public final long parameterCount() {
    return parameters().values().stream().mapToLong(Tensor::numel).sum();
  }

  /** Draws all parameters; each one's values depend on {@code seed} and its name only. */
  public final void initialize(Seed seed) {
    try (NoGrad noGrad = NoGrad.open()) {
      visit("", (name, parameter) -> draw(parameter, seed.derive(name)));
    }
  }

  /**
   * Copies {@code values} into the parameters, converting their type where it differs.
   *
   * @throws IllegalArgumentException if a name is missing or unknown or a shape differs; nothing
   *     has been copied then
   */
  public final void load(Map<String, Tensor> values) {
    Map<String, Tensor> parameters = parameters();
    refuse("missing", parameters.keySet().stream().filter(n -> !values.containsKey(n)).toList());
    refuse("unexpected", values.keySet().stream().filter(n -> !parameters.containsKey(n)).toList());
    refuse(
        "wrongly shaped",
        parameters.entrySet().stream()
            .filter(e -> !Arrays.equals(e.getValue().shape(), required(values, e.getKey()).shape()))
            .map(e -> mismatch(e.getKey(), required(values, e.getKey()), e.getValue()))
            .toList());
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      parameters.values().forEach(Layer::settle);
      parameters.forEach((name, parameter) -> parameter.copyInPlace(required(values, name)));
    }
  }

  private static Tensor required(Map<String, Tensor> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** Moves parameters and constants to {@code device}; the tensors stay the same objects. */
  public final void moveTo(Device device) {
    try (Scope scope = Scope.open()) {
      own.values().forEach(p -> p.value().rehome(p.value().detach().to(device)));
      constants.forEach(constant -> constant.rehome(constant.to(device)));
    }
    children.values().forEach(layer -> layer.moveTo(device));
  }

  /** Frees the parameters of this layer and of all layers in it. */
  @Override
  public void close() {
    own.values().forEach(parameter -> parameter.value().close());
    constants.forEach(Tensor::close);
    children.values().forEach(Layer::close);
  }

  private void visit(String prefix, BiConsumer<String, Parameter> visitor) {
    own.forEach((name, parameter) -> visitor.accept(prefix + name, parameter));
    children.forEach((name, layer) -> layer.visit(prefix + name + ".", visitor));
  }

  private static void draw(Parameter parameter, Seed seed) {
    try (Scope scope = Scope.open()) {
      settle(parameter.value());
      parameter.initial().fill(parameter.value(), seed);
    }
  }

  /** Gives a parameter memory, unless it has some, such as a part of a vector. */
  private static void settle(Tensor parameter) {
    if (!parameter.hasHome()) {
      parameter.rehome(Tensor.zeros(parameter.shape()));
    }
  }

  private static String mismatch(String name, Tensor given, Tensor wanted) {
    return String.format(
        Locale.ROOT,
        "%s %s, allowed %s",
        name,
        Arrays.toString(given.shape()),
        Arrays.toString(wanted.shape()));
  }

  private static void refuse(String what, List<String> names) {
    if (!names.isEmpty()) {
      List<String> first = names.subList(0, Math.min(NAMES_IN_MESSAGE, names.size()));
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d %s parameters: %s%s",
              names.size(),
              what,
              String.join("; ", first),
              names.size() > first.size() ? "; …" : ""));
    }
  }
}
