package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.Average;
import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file whose family has been found.
 *
 * @param file its tensors
 * @param family whose it is
 */
public record ForeignFile(TensorFile file, Family family) {
  private static final Pattern AVERAGED = Pattern.compile("(?:.*\\.)?ema(?:_model)?\\..*");

  /**
   * Finds out what model the file holds; the weights stay on the disk.
   *
   * @param flags what the file does not say, in the spelling of its project
   * @throws IOException if the file is damaged
   * @throws UserException if the model has an unknown feature, or the flags are wrong
   */
  public ForeignModel read(Flags flags) throws IOException {
    try {
      return family.read(file, flags);
    } catch (UserException e) {
      throw new UserException(String.format(Locale.ROOT, "%s: %s", file.path(), e.getMessage()));
    }
  }

  /**
   * Returns the file with one of its two sets of weights.
   *
   * @throws UserException if it holds one set only
   */
  public ForeignFile with(Average average) {
    TensorFile last = file.filter(name -> !AVERAGED.matcher(name).matches());
    Set<String> names = last.tensors().keySet();
    if (names.size() == file.tensors().size() || !family.recognizes(names)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s holds one set of weights only; allowed: the last ones beside their average",
              file.path()));
    }
    return switch (average) {
      case USE -> this; // all families take it first
      case SKIP -> new ForeignFile(last, family);
    };
  }
}
