package io.github.diffusion4j.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A folder to read, held in memory.
 *
 * @param corpus what kind of folder it is
 * @param files its files by name
 */
record FuzzCase(String corpus, Map<String, byte[]> files) {
  /** Returns the same with another content of one file. */
  FuzzCase with(String name, byte[] content) {
    Map<String, byte[]> changed = new LinkedHashMap<>(files);
    changed.put(name, content);
    return new FuzzCase(corpus, changed);
  }

  /** Returns the content of one file. */
  byte[] file(String name) {
    return Objects.requireNonNull(files.get(name), name);
  }
}
