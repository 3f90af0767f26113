package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The families of files that are known here. */
public final class Families {
  private static final List<Family> KNOWN = List.of(new OpenAiFamily(), new LucidFamily());
  private static final int SHOWN = 3;

  private Families() {}

  /** Returns the family of a file whose tensors have these names. */
  public static Optional<Family> of(Set<String> names) {
    return KNOWN.stream().filter(family -> family.recognizes(names)).findFirst();
  }

  /**
   * Finds out what model a {@code .pt}, {@code .pth} or {@code .safetensors} file holds; the
   * weights stay on the disk.
   *
   * @param flags what the file does not say, in the spelling of its project
   * @throws IOException if the file is damaged
   * @throws UserException if it is of no known family, has an unknown feature, or the flags are
   *     wrong
   */
  public static ForeignModel read(Path path, Flags flags) throws IOException {
    return open(path).read(flags);
  }

  /**
   * Finds out whose a {@code .pt}, {@code .pth} or {@code .safetensors} file is.
   *
   * @throws IOException if the file is damaged
   * @throws UserException if it is of no known family
   */
  public static ForeignFile open(Path path) throws IOException {
    TensorFile file = TensorFile.open(path);
    Family family = of(file.tensors().keySet()).orElseThrow(() -> unknown(file));
    return new ForeignFile(file, family);
  }

  private static UserException unknown(TensorFile file) {
    Set<String> names = file.tensors().keySet();
    if (names.contains("conv_in.weight") && names.contains("time_embedding.linear_1.weight")) {
      return new UserException(
          String.format(
              Locale.ROOT,
              "%s has the weights of a diffusers network; give the folder with its config.json",
              file.path()));
    }
    String some = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return new UserException(
        String.format(
            Locale.ROOT,
            "%s holds %d tensors%s; allowed: a checkpoint of %s",
            file.path(),
            names.size(),
            some.isEmpty() ? "" : " such as " + some,
            KNOWN.stream().map(Family::title).collect(Collectors.joining(", or of "))));
  }
}
