package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The forms in which a diffusers folder holds weights: which one to take, and reading it. */
final class WeightFiles {
  static final String STEM = "diffusion_pytorch_model";
  private static final Pattern NAME =
      Pattern.compile(STEM + "(?:\\.(\\w+))?\\.(?:safetensors|bin|pt|pth)");
  private static final Pattern INDEX =
      Pattern.compile(STEM + "\\.(?:safetensors|bin)\\.index(?:\\.(\\w+))?\\.json");

  /** The first that exists is read, as diffusers does; %s is a variant with its dot, or nothing. */
  private static final List<String> ORDER =
      List.of(
          STEM + ".safetensors.index%s.json",
          STEM + "%s.safetensors",
          STEM + ".bin.index%s.json",
          STEM + "%s.bin",
          STEM + "%s.pt",
          STEM + "%s.pth");

  private WeightFiles() {}

  /**
   * Returns the file, or the index of files, to read: full precision before a variant such as
   * {@code fp16}, safetensors before PyTorch's own format.
   *
   * @throws UserException if there is none, or there are several variants and nothing else
   */
  static Path find(Path folder) throws IOException {
    Set<String> variants = new LinkedHashSet<>();
    boolean shards;
    try (Stream<Path> children = Files.list(folder)) {
      List<String> names = children.map(child -> child.getFileName().toString()).sorted().toList();
      for (String name : names) {
        variant(name).ifPresent(variants::add);
      }
      shards = names.stream().anyMatch(name -> name.matches(STEM + ".*-\\d+-of-\\d+\\..*"));
    }
    Optional<Path> plain = first(folder, "");
    if (plain.isPresent()) {
      return plain.get();
    }
    if (variants.size() > 1) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s holds its weights only in variants, %s; keep one of them",
              folder,
              String.join(", ", variants)));
    }
    String missing = STEM + (shards ? ".safetensors.index.json" : ".safetensors");
    return variants.stream()
        .findFirst()
        .flatMap(variant -> first(folder, "." + variant))
        .orElseThrow(
            () -> new UserException(String.format(Locale.ROOT, "%s has no %s", folder, missing)));
  }

  private static Optional<String> variant(String name) {
    return Stream.of(NAME.matcher(name), INDEX.matcher(name))
        .filter(Matcher::matches)
        .flatMap(matcher -> Optional.ofNullable(matcher.group(1)).stream())
        .findFirst();
  }

  private static Optional<Path> first(Path folder, String variant) {
    return ORDER.stream()
        .map(form -> folder.resolve(String.format(Locale.ROOT, form, variant)))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * Reads all tensors.
   *
   * @return they belong to the scope that is open on this thread
   * @throws IOException if anything is damaged or missing; the message names the file and, where
   *     one is to blame, the tensor
   */
  static Map<String, Tensor> read(Path file, Precision precision) throws IOException {
    if (!isIndex(file)) {
      return readOne(file, precision);
    }
    ShardIndex index = ShardIndex.read(file);
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> all = new LinkedHashMap<>();
      for (Path shard : index.shards()) {
        index.requireJust(shard, formsOfOne(shard).keySet());
        all.putAll(readOne(shard, precision));
      }
      all.values().forEach(scope::keep);
      return all;
    }
  }

  private static Map<String, Tensor> readOne(Path file, Precision precision) throws IOException {
    if (isSafetensors(file)) {
      return Safetensors.read(file, precision);
    }
    TorchFile torch = TorchFile.open(file);
    return torch.load(torch.tensors(), precision);
  }

  /** Returns what {@link #read} would return, without reading elements. */
  static Map<String, TensorForm> forms(Path file) throws IOException {
    if (!isIndex(file)) {
      return formsOfOne(file);
    }
    ShardIndex index = ShardIndex.read(file);
    Map<String, TensorForm> all = new LinkedHashMap<>();
    for (Path shard : index.shards()) {
      Map<String, TensorForm> forms = formsOfOne(shard);
      index.requireJust(shard, forms.keySet());
      all.putAll(forms);
    }
    return all;
  }

  private static Map<String, TensorForm> formsOfOne(Path file) throws IOException {
    Map<String, TensorForm> forms = new LinkedHashMap<>();
    if (isSafetensors(file)) {
      Safetensors.readHeader(file)
          .tensors()
          .forEach((name, entry) -> forms.put(name, new TensorForm(entry.type(), entry.shape())));
    } else {
      TorchFile.open(file)
          .tensors()
          .forEach((name, tensor) -> forms.put(name, TensorForm.of(tensor)));
    }
    return forms;
  }

  /** Returns the files with the elements: the shards of an index, or the file itself. */
  static List<Path> parts(Path file) throws IOException {
    return isIndex(file) ? List.copyOf(ShardIndex.read(file).shards()) : List.of(file);
  }

  static boolean isIndex(Path file) {
    return file.getFileName().toString().matches(".*\\.index(\\.\\w+)?\\.json");
  }

  static boolean isSafetensors(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".safetensors");
  }
}
