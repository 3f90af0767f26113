package io.github.diffusion4j.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Classes from sub-folders: the class of an image is the first folder of its path that is not
 * shared by all of them.
 *
 * <p>Images that all lie in one folder have no classes. Neither have those of which some lie beside
 * the sub-folders of the others: it would be guesswork.
 */
final class FolderClasses {
  private final List<String> names;
  private final int prefix;

  private FolderClasses(List<String> names, int prefix) {
    this.names = names;
    this.prefix = prefix;
  }

  static FolderClasses of(List<String> paths) {
    int prefix = sharedFolders(paths);
    TreeSet<String> names = new TreeSet<>();
    for (String path : paths) {
      int slash = path.indexOf('/', prefix);
      if (slash < 0) {
        return new FolderClasses(List.of(), prefix);
      }
      names.add(path.substring(prefix, slash));
    }
    return new FolderClasses(List.copyOf(new ArrayList<>(names)), prefix);
  }

  List<String> names() {
    return names;
  }

  OptionalInt label(String path) {
    if (names.isEmpty()) {
      return OptionalInt.empty();
    }
    String name = path.substring(prefix, path.indexOf('/', prefix));
    return OptionalInt.of(Collections.binarySearch(names, name));
  }

  /** Returns the length of the path, with its last slash, that all paths begin with. */
  private static int sharedFolders(List<String> paths) {
    String first = paths.get(0);
    int shared = 0;
    while (true) {
      int slash = first.indexOf('/', shared);
      if (slash < 0) {
        return shared;
      }
      String candidate = first.substring(0, slash + 1);
      if (!paths.stream().allMatch(path -> path.startsWith(candidate))) {
        return shared;
      }
      shared = slash + 1;
    }
  }
}
