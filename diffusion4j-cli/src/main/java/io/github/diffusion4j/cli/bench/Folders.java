package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.config.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The models that are measured, on the disk for as long as the measurement lasts. */
final class Folders implements AutoCloseable {
  private @Nullable Path root;

  /** Returns the folder of a model, which is written when it is first asked for. */
  Path of(Recipe recipe, String kind, List<String> changes) throws IOException {
    Path folder =
        root()
            .resolve(
                String.format(
                    Locale.ROOT, "%s-%s-%08x", kind, Word.of(recipe), changes.hashCode()));
    if (!Files.exists(folder)) {
      PeerFolder.write(folder, kind, recipe.config(changes));
    }
    return folder;
  }

  /** Returns a place for what a process writes. */
  Path output(String name) throws IOException {
    return root().resolve(name);
  }

  private Path root() throws IOException {
    if (root == null) {
      root = Files.createTempDirectory("diffusion4j-bench");
    }
    return root;
  }

  @Override
  public void close() throws IOException {
    if (root == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
