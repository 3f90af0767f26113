package io.github.diffusion4j.data;

import java.io.IOException;

/**
 * An image file that has been found but not read.
 *
 * @param name its path below the folder or in the archive, with slashes
 * @param content how to read its bytes
 */
record EncodedImage(String name, Content content) {

  /** Reads the bytes of a file. */
  @FunctionalInterface
  interface Content {
    byte[] read() throws IOException;
  }

  /** Returns whether a path is for the operating system and not for people. */
  static boolean isHidden(String name) {
    return name.startsWith(".")
        || name.contains("/.")
        || name.startsWith("__MACOSX/")
        || name.contains("/__MACOSX/");
  }
}
