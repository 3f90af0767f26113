package io.github.diffusion4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The repository as text, for tests that read it. */
final class Sources {
  private Sources() {}

  /** Returns the root of the repository; tests run in the folder of a module. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("diffusion4j-core/pom.xml"))) {
      folder = Objects.requireNonNull(folder.getParent(), "no root of the repository");
    }
    return folder;
  }

  /** Returns the main sources of all modules that exist. */
  static List<Path> main() throws IOException {
    return java("src/main/java");
  }

  /** Returns the test sources of all modules that exist. */
  static List<Path> test() throws IOException {
    return java("src/test/java");
  }

  private static List<Path> java(String below) throws IOException {
    try (Stream<Path> modules = Files.list(root())) {
      return modules
          .filter(folder -> folder.getFileName().toString().startsWith("diffusion4j-"))
          .map(folder -> folder.resolve(below))
          .filter(Files::isDirectory)
          .flatMap(Sources::files)
          .sorted()
          .toList();
    }
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
