package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TensorBytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Makes the tensors that are wanted of a {@link TorchFile}, storage by storage, in whatever order
 * the file has them. Elements that have to be copied are freed before the next storage is read.
 */
final class TensorLoading {
  /** What a tensor takes beside its elements, in Java and in libtorch, in bytes. */
  static final int TENSOR_BYTES = 680;

  private static final int VIEW_BYTES = 800;
  private static final int STORAGE_BYTES = 320;

  private final Map<String, StoredTensor> wanted;
  private final Precision precision;
  private final Allowance allowance;
  private final Scope scope;
  private final Map<String, List<String>> namesByStorage = new LinkedHashMap<>();
  private final Map<String, Tensor> loaded = new LinkedHashMap<>();

  /**
   * Begins with nothing loaded.
   *
   * @param scope that the tensors are kept from
   */
  TensorLoading(
      Map<String, StoredTensor> wanted, Precision precision, Allowance allowance, Scope scope)
      throws IOException {
    this.wanted = wanted;
    this.precision = precision;
    this.allowance = allowance;
    this.scope = scope;
    allowance.take((long) wanted.size() * VIEW_BYTES);
    wanted.forEach(
        (name, tensor) ->
            namesByStorage.computeIfAbsent(tensor.storage(), key -> new ArrayList<>()).add(name));
  }

  /** Returns the storages that have not been read yet. */
  List<String> missing() {
    return List.copyOf(namesByStorage.keySet());
  }

  /** Returns the name of a tensor whose elements are in {@code storage}, for messages. */
  String tensorOf(String storage) {
    return OneLine.of(Objects.requireNonNull(namesByStorage.get(storage)).get(0));
  }

  /** Reads a storage from where {@code channel} is, if it is missing. */
  void read(String storage, FileChannel channel) throws IOException {
    List<String> names = namesByStorage.remove(storage);
    if (names == null) {
      return;
    }
    StoredTensor any = stored(names.get(0));
    DType type = precision.of(any.type());
    allowance.take(STORAGE_BYTES + any.elements() * type.bytes());
    boolean shared = false;
    try (Scope inner = Scope.open()) {
      Tensor elements = TensorBytes.read(channel, any.type(), type, any.elements());
      for (String name : names) {
        StoredTensor form = stored(name);
        Tensor view =
            elements.strided(extents(form.shape()), extents(form.strides()), form.offset());
        boolean copied = precision == Precision.SINGLE && !form.isRowMajor();
        if (copied) {
          allowance.take(view.numel() * type.bytes());
        }
        loaded.put(name, inner.keep(copied ? view.contiguous() : view));
        shared |= !copied;
      }
    }
    if (!shared) {
      allowance.giveBack(any.elements() * type.bytes());
    }
  }

  /**
   * Returns what was wanted, in its order; it belongs to the scope around this one.
   *
   * @throws IOException if storages are missing
   */
  Map<String, Tensor> finish() throws IOException {
    for (String storage : namesByStorage.keySet()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "it lacks the elements of storage %s, tensor %s",
              OneLine.of(storage),
              tensorOf(storage)));
    }
    Map<String, Tensor> inOrder = new LinkedHashMap<>();
    for (String name : wanted.keySet()) {
      inOrder.put(name, scope.keep(Objects.requireNonNull(loaded.get(name))));
    }
    return inOrder;
  }

  private StoredTensor stored(String name) {
    return Objects.requireNonNull(wanted.get(name));
  }

  private static long[] extents(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }
}
