package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One file of tensors, safetensors or PyTorch's, whatever they are meant for.
 *
 * <p>A tensor inside dictionaries has the keys that lead to it in its name, with dots between them:
 * {@code ema.decoder.weight}. Elements are read on demand only.
 */
public final class TensorFile {
  private final Path path;
  private final Map<String, TensorForm> tensors;
  private final Map<String, String> notes;
  private final Optional<Torch> torch;

  private record Torch(TorchFile file, Map<String, StoredTensor> stored) {}

  private TensorFile(
      Path path,
      Map<String, TensorForm> tensors,
      Map<String, String> notes,
      Optional<Torch> torch) {
    this.path = path;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.notes = Collections.unmodifiableMap(notes);
    this.torch = torch;
  }

  /**
   * Reads what the file says about its tensors.
   *
   * @throws IOException if it is damaged, or is neither safetensors nor from PyTorch
   */
  public static TensorFile open(Path path) throws IOException {
    if (WeightFiles.isSafetensors(path)) {
      Map<String, String> metadata = Safetensors.readHeader(path).metadata();
      return new TensorFile(path, WeightFiles.forms(path), metadata, Optional.empty());
    }
    TorchFile file = TorchFile.open(path);
    TorchTree tree = new TorchTree(file.contents(), file.allowance());
    return new TensorFile(
        path, tree.tensors(), tree.notes(), Optional.of(new Torch(file, tree.stored())));
  }

  /** Returns where the file is. */
  public Path path() {
    return path;
  }

  /** Returns type and shape of all tensors by name, in the order of the file. */
  public Map<String, TensorForm> tensors() {
    return tensors;
  }

  /** Returns texts and numbers beside the tensors, by name; long texts are cut. */
  public Map<String, String> notes() {
    return notes;
  }

  /**
   * Returns the same file without some of its tensors.
   *
   * @param taken whether to keep a tensor, by its name
   */
  public TensorFile filter(Predicate<String> taken) {
    Map<String, TensorForm> some = new LinkedHashMap<>(tensors);
    some.keySet().removeIf(taken.negate());
    return new TensorFile(path, some, notes, torch);
  }

  /**
   * Reads the elements of some tensors.
   *
   * @param names names of {@link #tensors}
   * @return F32 and contiguous, in the order asked for; they belong to the scope that is open on
   *     this thread
   * @throws IOException if the file is damaged or a tensor does not hold floating-point numbers
   * @throws IllegalArgumentException if there is no tensor of a name
   */
  public Map<String, Tensor> read(Collection<String> names) throws IOException {
    for (String name : names) {
      if (!tensors.containsKey(name)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "%s has no tensor %s", path, name));
      }
    }
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> stored =
          torch.isPresent() ? load(torch.get(), names) : Safetensors.read(path, Precision.SINGLE);
      Map<String, Tensor> read = new LinkedHashMap<>();
      for (String name : names) {
        Tensor value = Objects.requireNonNull(stored.get(name));
        read.put(name, scope.keep(requireReal(path, name, value)));
      }
      return read;
    }
  }

  private Map<String, Tensor> load(Torch torch, Collection<String> names) throws IOException {
    Map<String, StoredTensor> wanted = new LinkedHashMap<>();
    for (String name : names) {
      wanted.put(name, Objects.requireNonNull(torch.stored().get(name)));
    }
    return torch.file().load(wanted, Precision.SINGLE);
  }

  /** Returns {@code value}, if it holds what weights are made of. */
  static Tensor requireReal(Path file, String name, Tensor value) throws IOException {
    if (value.type() != DType.F32) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s has the type %s; allowed for weights: F64, F32, F16, BF16",
              file,
              OneLine.of(name),
              value.type()));
    }
    return value;
  }
}
