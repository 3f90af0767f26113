package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TensorBytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads what Python's {@code torch.save} wrote ({@code .pt}, {@code .pth}, {@code .bin}, {@code
 * .ckpt}): the zip files of today and the older files without zip.
 *
 * <p>Such files hold Python objects. Only tensors and plain containers of them are known here; a
 * file that wants any other class is refused, and nothing of a file is ever executed. The structure
 * is read at once, the elements of tensors on demand ({@link #load}).
 */
public final class TorchFile {
  private static final long LARGEST_PICKLE = 1 << 26;
  private static final String PICKLE = "data.pkl";

  private final Path file;
  private final TorchClasses classes;
  private final Object root;

  private TorchFile(Path file, TorchClasses classes, Object root) {
    this.file = file;
    this.classes = classes;
    this.root = root;
  }

  /**
   * Reads the structure of a file.
   *
   * @throws IOException if it is damaged, not from PyTorch, or wants a Python class that is not
   *     known; the message names the file and the class
   */
  public static TorchFile open(Path file) throws IOException {
    TorchClasses classes = new TorchClasses();
    return withName(
        file,
        () -> {
          Object root = isZip(file) ? zipRoot(file, classes) : LegacyTorch.root(file, classes);
          return new TorchFile(file, classes, root);
        });
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  /** Lets every complaint name the file. */
  private static <T> T withName(Path file, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (ZipException | ArithmeticException | ClassCastException | IllegalArgumentException e) {
      throw new IOException("%s is damaged: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new IOException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
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
      map.forEach(
          (key, value) -> {
            if (key instanceof String name && value instanceof StoredTensor tensor) {
              tensors.put(name, tensor);
            }
          });
    }
    if (tensors.isEmpty()) {
      throw new IOException(
          "%s has no dictionary of tensors at %s".formatted(file, String.join(".", path)));
    }
    return tensors;
  }

  /** Returns the outermost object: usually a map by name; what Python calls None is absent. */
  public Map<String, Object> contents() throws IOException {
    if (!(root instanceof Map<?, ?> map)) {
      throw new IOException("%s holds no dictionary".formatted(file));
    }
    return named(map);
  }

  private static Map<String, Object> named(Map<?, ?> map) {
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
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> storages = new LinkedHashMap<>();
      for (StoredTensor tensor : wanted.values()) {
        storages.putIfAbsent(tensor.storage(), Tensor.zeros(0));
      }
      withName(file, () -> loadStorages(wanted, storages));
      Map<String, Tensor> loaded = new LinkedHashMap<>();
      for (Map.Entry<String, StoredTensor> named : wanted.entrySet()) {
        StoredTensor tensor = named.getValue();
        Tensor view =
            Objects.requireNonNull(storages.get(tensor.storage()))
                .strided(extents(tensor.shape()), extents(tensor.strides()), tensor.offset());
        loaded.put(named.getKey(), scope.keep(view));
      }
      return loaded;
    }
  }

  private Map<String, Tensor> loadStorages(
      Map<String, StoredTensor> wanted, Map<String, Tensor> storages) throws IOException {
    if (isZip(file)) {
      loadZip(wanted, storages);
    } else {
      LegacyTorch.load(file, classes, wanted, storages);
    }
    for (Map.Entry<String, StoredTensor> named : wanted.entrySet()) {
      StoredTensor tensor = named.getValue();
      if (elements(storages, tensor) != tensor.elements()) {
        throw new IOException(
            "it lacks the elements of storage %s, tensor %s"
                .formatted(tensor.storage(), named.getKey()));
      }
    }
    return storages;
  }

  private void loadZip(Map<String, StoredTensor> wanted, Map<String, Tensor> storages)
      throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String folder = folder(zip);
      requireLittleEndian(zip, folder);
      long left = Files.size(file);
      for (Map.Entry<String, StoredTensor> named : wanted.entrySet()) {
        StoredTensor tensor = named.getValue();
        if (elements(storages, tensor) == 0) {
          ZipEntry entry = zip.getEntry(folder + "data/" + tensor.storage());
          if (entry == null || entry.getSize() != classes.bytes(tensor.storage())) {
            throw new IOException(
                "it lacks the elements of storage %s, tensor %s, or has a wrong number of them"
                    .formatted(tensor.storage(), named.getKey()));
          }
          left -= entry.getSize();
          if (entry.getMethod() != ZipEntry.STORED || left < 0) {
            throw new IOException(
                "it announces more elements than it has bytes, tensor " + named.getKey());
          }
          try (ReadableByteChannel bytes = Channels.newChannel(zip.getInputStream(entry))) {
            storages.put(
                tensor.storage(), TensorBytes.read(bytes, tensor.type(), tensor.elements()));
          }
        }
      }
    }
  }

  private static Object zipRoot(Path file, TorchClasses classes) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry(folder(zip) + PICKLE);
      if (entry.getMethod() != ZipEntry.STORED || entry.getSize() > LARGEST_PICKLE) {
        throw new IOException("its structure is compressed, or takes more than 64 MiB");
      }
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] pickle = in.readNBytes((int) LARGEST_PICKLE);
        return PickleMachine.read(ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN), classes);
      }
    }
  }

  /**
   * The folder inside the zip in which everything lies; its name is that of the file once saved.
   */
  private static String folder(ZipFile zip) throws IOException {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
        .findFirst()
        .map(name -> name.substring(0, name.length() - PICKLE.length()))
        .orElseThrow(() -> new IOException("it is a zip file, but not one of PyTorch"));
  }

  private static void requireLittleEndian(ZipFile zip, String folder) throws IOException {
    ZipEntry order = zip.getEntry(folder + "byteorder");
    if (order != null) {
      try (InputStream in = zip.getInputStream(order)) {
        String name = new String(in.readNBytes(16), StandardCharsets.US_ASCII);
        if (!name.equals("little")) {
          throw new IOException("byte order is %s; allowed: little".formatted(name));
        }
      }
    }
  }

  private static boolean isZip(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer start = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      while (start.hasRemaining()) {
        if (channel.read(start) < 0) {
          throw new EOFException("it has only %d bytes".formatted(start.position()));
        }
      }
      return start.flip().getInt() == 0x04034b50;
    }
  }

  /** How many elements have been read of the storage that {@code tensor} is a part of. */
  static long elements(Map<String, Tensor> storages, StoredTensor tensor) {
    return Objects.requireNonNull(storages.get(tensor.storage())).numel();
  }

  private static long[] extents(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }
}
