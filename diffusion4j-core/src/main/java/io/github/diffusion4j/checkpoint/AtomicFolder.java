package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes folders and files that are seen complete or not at all.
 *
 * <p>They are written beside their place under a hidden name, forced to the disk, and renamed. What
 * a killed process leaves behind under hidden names is removed by the next write beside it.
 */
public final class AtomicFolder {
  private static final String PARTIAL = ".d4j-partial";
  private static final String REPLACED = ".d4j-replaced";

  private AtomicFolder() {}

  /** Fills a folder. */
  @FunctionalInterface
  public interface Content {
    /** Writes the files into {@code folder}, which exists and is empty. */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Makes {@code target} a folder with the given content; nothing stays behind if that fails.
   *
   * @throws UserException if there is something already, and it is not an empty folder
   */
  public static void writeNew(Path target, Content content) throws IOException {
    requireRoom(target);
    write(target, content);
  }

  /**
   * Checks what {@link #writeNew} wants.
   *
   * @throws UserException if there is something already, and it is not an empty folder
   */
  public static void requireRoom(Path target) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isDirectory(target)) {
        throw new UserException(
            String.format(Locale.ROOT, "%s is a file; allowed: a new folder", target));
      }
      try (Stream<Path> children = Files.list(target)) {
        Optional<Path> first = children.findFirst();
        if (first.isPresent()) {
          throw new UserException(
              String.format(
                  Locale.ROOT,
                  "%s is not empty (it holds %s); allowed: a new folder, or an empty one",
                  target,
                  first.get().getFileName()));
        }
      }
    }
  }

  /**
   * Makes {@code target} a folder with the given content; one that was there is replaced. Nothing
   * stays behind if that fails.
   */
  static void write(Path target, Content content) throws IOException {
    Path partial = hidden(target, PARTIAL);
    try {
      Files.createDirectories(parent(target));
      tidy(parent(target));
      Files.createDirectory(partial);
      content.writeTo(partial);
      putInPlace(partial, target);
    } catch (AtomicFile.Failure e) { // it names a file under the hidden name
      throw new AtomicFile.Failure(target, e);
    } catch (FileSystemException e) {
      throw new AtomicFile.Failure(target, e);
    } finally {
      if (Files.exists(partial)) {
        delete(partial);
      }
    }
  }

  private static void putInPlace(Path partial, Path target) throws IOException {
    Path parent = parent(target);
    for (Path path : tree(partial)) {
      force(path);
    }
    if (Files.exists(target)) {
      Path replaced = hidden(target, REPLACED);
      Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      force(parent);
      delete(replaced);
    } else {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      force(parent);
    }
  }

  /** Makes {@code target} a file with the given text. */
  public static void writeFile(Path target, String text) throws IOException {
    AtomicFile.writeForced(target, text);
    force(parent(target));
  }

  /** Removes a folder; one that is only half removed is no longer seen under its name. */
  static void remove(Path target) throws IOException {
    Path partial = hidden(target, PARTIAL);
    Files.move(target, partial, StandardCopyOption.ATOMIC_MOVE);
    delete(partial);
  }

  /** Removes what killed writes left in {@code parent}, and puts back what one had moved away. */
  private static void tidy(Path parent) throws IOException {
    List<Path> children;
    try (Stream<Path> stream = Files.list(parent)) {
      children = stream.toList();
    }
    for (Path child : children) {
      String name = child.getFileName().toString();
      if (name.startsWith(".") && name.endsWith(REPLACED)) {
        String original = name.substring(1, name.length() - REPLACED.length());
        Path target = parent.resolve(original);
        if (Files.notExists(target)) {
          Files.move(child, target, StandardCopyOption.ATOMIC_MOVE);
        } else {
          delete(child);
        }
      } else if (name.startsWith(".") && name.endsWith(PARTIAL)) {
        delete(child);
      }
    }
  }

  private static Path parent(Path target) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(target + " cannot be written: it has no parent folder");
    }
    return parent;
  }

  private static Path hidden(Path target, String suffix) {
    return target.toAbsolutePath().resolveSibling("." + target.getFileName() + suffix);
  }

  private static void delete(Path root) throws IOException {
    for (Path path : tree(root)) {
      Files.delete(path);
    }
  }

  /** Returns the files and folders below {@code root} and itself, each folder after its content. */
  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> stream = Files.walk(root)) {
      return stream.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static void force(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      return;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      return; // some systems, as Windows, cannot open a folder, and keep its entries safe without
    }
    try (channel) {
      channel.force(true);
    }
  }
}
