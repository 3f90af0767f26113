package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.torch.DType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The few names that pickled state dictionaries need; every other one is refused. */
final class TorchClasses implements PickleMachine.Classes {
  private enum Callable {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_PARAMETER,
    SIZE
  }

  private record Storage(String key, DType type, long elements) {}

  private static final Map<String, Object> NAMES =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Callable.ORDERED_DICT),
          Map.entry("torch._utils._rebuild_tensor", Callable.REBUILD_TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v2", Callable.REBUILD_TENSOR),
          Map.entry("torch._utils._rebuild_parameter", Callable.REBUILD_PARAMETER),
          Map.entry("torch.Size", Callable.SIZE),
          Map.entry("torch.DoubleStorage", DType.F64),
          Map.entry("torch.FloatStorage", DType.F32),
          Map.entry("torch.HalfStorage", DType.F16),
          Map.entry("torch.BFloat16Storage", DType.BF16),
          Map.entry("torch.LongStorage", DType.I64),
          Map.entry("torch.IntStorage", DType.I32),
          Map.entry("torch.ShortStorage", DType.I16),
          Map.entry("torch.CharStorage", DType.I8),
          Map.entry("torch.ByteStorage", DType.U8),
          Map.entry("torch.BoolStorage", DType.BOOL));

  private static final int MAP_BYTES = 144;
  private static final int STORAGE_BYTES = 96;
  private static final int TENSOR_BYTES = 192;
  private static final int EXTENT_BYTES = 16;

  /** The elements of each storage that was mentioned, by its key. */
  private final Map<String, Storage> storages = new LinkedHashMap<>();

  private final Allowance allowance;

  /** How many bytes of the file no storage has claimed yet. */
  private long unclaimed;

  TorchClasses(Allowance allowance) {
    this.allowance = allowance;
    unclaimed = allowance.fileSize();
  }

  @Override
  public Object named(String module, String name) throws IOException {
    Object known = NAMES.get(module + "." + name);
    if (known == null) {
      throw new IOException(
          String.format(
                  Locale.ROOT,
                  "it wants to load the Python class %s.%s; allowed: tensors, numbers, texts, lists and",
                  OneLine.of(module),
                  OneLine.of(name))
              + " dictionaries");
    }
    return known;
  }

  @Override
  public Object call(Object named, List<?> arguments) throws IOException {
    switch ((Callable) named) {
      case ORDERED_DICT -> {
        if (!arguments.isEmpty()) {
          throw new IOException("its OrderedDict is made in an unknown way");
        }
        allowance.take(MAP_BYTES);
        return new LinkedHashMap<>();
      }
      case SIZE -> {
        return arguments.get(0);
      }
      case REBUILD_PARAMETER -> {
        return arguments.get(0);
      }
      case REBUILD_TENSOR -> {
        Storage storage = (Storage) arguments.get(0);
        return tensor(storage, arguments);
      }
      default -> throw new AssertionError(named);
    }
  }

  private StoredTensor tensor(Storage storage, List<?> arguments) throws IOException {
    allowance.take(TENSOR_BYTES);
    try {
      return new StoredTensor(
          storage.key,
          storage.type,
          storage.elements,
          (Long) arguments.get(1),
          longs(arguments.get(2)),
          longs(arguments.get(3)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException("a tensor does not fit its storage " + OneLine.of(storage.key), e);
    }
  }

  private List<Long> longs(Object tuple) throws IOException {
    List<?> numbers = (List<?>) tuple;
    StoredTensor.requireFew(numbers.size());
    allowance.take((long) numbers.size() * EXTENT_BYTES);
    return numbers.stream().map(Long.class::cast).toList();
  }

  /** An ordered dictionary may carry attributes, such as PyTorch's {@code _metadata}: ignored. */
  @Override
  public void build(Object object, Object state) throws IOException {
    if (!(object instanceof LinkedHashMap)) {
      throw new IOException("it sets the state of an object that is no dictionary");
    }
  }

  /** {@code ('storage', class, key, device, elements)}, as PyTorch writes it. */
  @Override
  public Object persistent(Object id) throws IOException {
    List<?> parts = (List<?>) id;
    if (parts.size() < 5 || !"storage".equals(parts.get(0))) {
      throw new IOException("it refers to something that is not a storage");
    }
    Storage storage = new Storage((String) parts.get(2), (DType) parts.get(1), (Long) parts.get(4));
    Storage known = storages.get(storage.key);
    if (known == null) {
      claim(storage);
      storages.put(storage.key, storage);
      return storage;
    }
    if (!known.equals(storage)) {
      throw new IOException(
          String.format(
              Locale.ROOT, "storage %s has two types or two sizes", OneLine.of(storage.key)));
    }
    return known;
  }

  private void claim(Storage storage) throws IOException {
    String key = OneLine.of(storage.key);
    if (storage.elements < 0) {
      throw new IOException(
          String.format(Locale.ROOT, "storage %s has %d elements", key, storage.elements));
    }
    if (storage.elements > unclaimed / storage.type.bytes()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "it announces more elements than its %d bytes, with storage %s",
              allowance.fileSize(),
              key));
    }
    unclaimed -= storage.elements * storage.type.bytes();
    allowance.take(STORAGE_BYTES);
  }

  /** Returns the bytes of the storage with the given key. */
  long bytes(String key) throws IOException {
    Storage storage = storages.get(key);
    if (storage == null) {
      throw new IOException(
          String.format(Locale.ROOT, "it has a storage %s that no tensor uses", OneLine.of(key)));
    }
    return storage.elements * storage.type.bytes();
  }
}
