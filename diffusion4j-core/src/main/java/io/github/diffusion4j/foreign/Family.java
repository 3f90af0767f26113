package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.util.Set;

/** Projects whose files have the same form. */
public interface Family {
  /** Returns the name of the projects, as in "a checkpoint of …". */
  String title();

  /** Returns whether a file with tensors of these names is theirs; it may still lack others. */
  boolean recognizes(Set<String> names);

  /**
   * Finds out what network a file holds; the weights stay on the disk.
   *
   * @param flags what the file does not say, in the spelling of the projects; what is missing has
   *     their defaults
   * @throws IOException if the file is damaged
   * @throws UserException if the network has a feature that this library does not have, a flag is
   *     unknown or wrong, or contradicts the file
   */
  ForeignModel read(TensorFile file, Flags flags) throws IOException;
}
