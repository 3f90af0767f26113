package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what Python's {@code torch.save} wrote ({@code .pt}, {@code .pth}, {@code .bin}, {@code
 * .ckpt}): the zip files of today and the older files without zip.
 *
 * <p>Such files hold Python objects. Only tensors and plain containers of them are known here; a
 * file that wants any other class is refused, and nothing of a file is ever executed. The structure
 * is read at once, the elements of tensors on demand ({@link #load}).
 */
public final class TorchFile {
  /** What an entry of a map takes of the heap, with its key as a text. */
  private static final int ENTRY_BYTES = 160;

  private final Path file;
  private final TorchLayout layout;
  private final TorchClasses classes;
  private final Allowance allowance;
  private final Object root;

  private TorchFile(
      Path file, TorchLayout layout, TorchClasses classes, Allowance allowance, Object root) {
    this.file = file;
    this.layout = layout;
    this.classes = classes;
    this.allowance = allowance;
    this.root = root;
  }

  /**
   * Reads the structure of a file.
   *
   * @throws IOException if it is damaged, not from PyTorch, wants a Python class that is not known,
   *     or asks for more memory than twice its size and 96 MiB; the message names the file and the
   *     class
   */
  public static TorchFile open(Path file) throws IOException {
    Allowance allowance = Allowance.of(file);
    TorchClasses classes = new TorchClasses(allowance);
    return withName(
        file,
        channel -> {
          TorchLayout layout = isZip(channel) ? new TorchZip() : new LegacyTorch();
          Object root = layout.root(channel, classes, allowance);
          return new TorchFile(file, layout, classes, allowance, root);
        });
  }

  private interface Reading<T> {
    T read(FileChannel channel) throws IOException;
  }

  /** Lets every complaint name the file. */
  private static <T> T withName(Path file, Reading<T> reading) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return reading.read(channel);
    } catch (ArithmeticException | ClassCastException | IllegalArgumentException e) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s is damaged: %s", file, OneLine.of(String.valueOf(e.getMessage()))),
          e);
    } catch (Allowance.Exceeded | NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          String.format(Locale.ROOT, "%s cannot be read: %s", file, e.getMessage()), e);
    }
  }

  /**
   * Returns the tensors of one dictionary of the file.
   *
   * @param path keys that lead to it from the outermost dictionary, none for that one itself
   * @return only the entries that are tensors, in the order of the file
   * @throws IOException if there is no dictionary of tensors
   */
  public Map<String, StoredTensor> tensors(String... path) throws IOException {
    Object place = root;
    for (String key : path) {
      place = place instanceof Map<?, ?> map ? named(map).get(key) : null;
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    if (place instanceof Map<?, ?> map) {
      allowance().take((long) map.size() * ENTRY_BYTES);
      map.forEach(
          (key, value) -> {
            if (key instanceof String name && value instanceof StoredTensor tensor) {
              tensors.put(name, tensor);
            }
          });
    }
    if (tensors.isEmpty()) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s has no dictionary of tensors at %s", file, String.join(".", path)));
    }
    return tensors;
  }

  /** Returns the outermost object: usually a map by name; what Python calls None is absent. */
  public Map<String, Object> contents() throws IOException {
    if (!(root instanceof Map<?, ?> map)) {
      throw new IOException(String.format(Locale.ROOT, "%s holds no dictionary", file));
    }
    return named(map);
  }

  private Map<String, Object> named(Map<?, ?> map) throws IOException {
    allowance().take((long) map.size() * ENTRY_BYTES);
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (value != PickleMachine.Constant.NONE) {
            named.put(String.valueOf(key), value);
          }
        });
    return named;
  }

  /**
   * Reads the elements of the given tensors.
   *
   * @return tensors of the same names, in their own types; tensors that share elements in the file
   *     share them here; they belong to the scope that is open on this thread
   */
  public Map<String, Tensor> load(Map<String, StoredTensor> wanted) throws IOException {
    return load(wanted, Precision.STORED);
  }

  /** As the other, with the elements in the given types. */
  Map<String, Tensor> load(Map<String, StoredTensor> wanted, Precision precision)
      throws IOException {
    try (Scope scope = Scope.open()) {
      return withName(
          file,
          channel -> {
            TensorLoading loading = new TensorLoading(wanted, precision, allowance.fork(), scope);
            layout.load(channel, classes, loading);
            return loading.finish();
          });
    }
  }

  /** Returns what may still be taken for what is made of the structure. */
  Allowance allowance() {
    return allowance.fork();
  }

  private static boolean isZip(FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    while (start.hasRemaining()) {
      if (channel.read(start, start.position()) < 0) {
        throw new EOFException(
            String.format(Locale.ROOT, "it has only %d bytes", start.position()));
      }
    }
    return start.flip().getInt() == 0x04034b50;
  }
}
