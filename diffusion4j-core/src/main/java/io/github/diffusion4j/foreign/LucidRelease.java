package io.github.diffusion4j.foreign;

import io.github.diffusion4j.config.LucidGeneration;
import io.github.diffusion4j.config.UserException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the generations of lucidrains' network apart: by names and shapes where they differ, by the
 * release that a training program wrote into the file where they do not.
 */
final class LucidRelease {
  private static final List<Integer> FIRST_RMS = List.of(1, 7, 1);
  private static final List<Integer> FIRST_PLAIN = List.of(1, 7, 4);

  private LucidRelease() {}

  /**
   * Returns the generation of the network.
   *
   * @param fileNotes texts in the file, of which {@code version} is the release
   * @param notes where to say what was assumed
   * @throws UserException for a generation that is not known here
   */
  static LucidGeneration of(
      LucidShapes shapes, Map<String, String> fileNotes, Flags flags, List<String> notes) {
    Optional<String> version =
        flags.text("version").or(() -> Optional.ofNullable(fileNotes.get("version")));
    if (shapes.has("downs.0.2.norm.b")) {
      throw old("its norms have a shift, as before release 0.26.5");
    }
    if (shapes.has("downs.0.3.weight") && shapes.extent("downs.0.3.weight", 3) == 4) {
      throw old("it halves images with 4x4 convolutions, as before release 0.32");
    }
    if (shapes.has("downs.0.0.block1.norm.g")) {
      return LucidGeneration.ROOT_MEAN_SQUARE;
    }
    if (!shapes.isRenamed("mid_attn.norm.g")) {
      return LucidGeneration.GROUPED;
    }
    if (version.isEmpty()) {
      notes.add("the file names no release; taken for one before 1.7.1, --version says otherwise");
      return LucidGeneration.STANDARDIZED;
    }
    List<Integer> release = parse(version.get());
    if (compare(release, FIRST_RMS) < 0) {
      return LucidGeneration.STANDARDIZED;
    }
    if (compare(release, FIRST_PLAIN) < 0) {
      throw old(String.format(Locale.ROOT, "release %s was replaced within hours", version.get()));
    }
    return LucidGeneration.GROUPED;
  }

  private static UserException old(String reason) {
    return new UserException(
        String.format(
            Locale.ROOT,
            "the network is not supported: %s; supported: releases 0.32 to 1.7.0 and since 1.7.4",
            reason));
  }

  private static List<Integer> parse(String version) {
    if (!version.matches("\\d{1,6}(\\.\\d{1,6})*")) {
      throw new UserException(
          String.format(Locale.ROOT, "version is %s; allowed: numbers such as 1.5.4", version));
    }
    return Arrays.stream(version.split("\\.")).map(Integer::valueOf).toList();
  }

  private static int compare(List<Integer> one, List<Integer> other) {
    return Arrays.compare(
        one.stream().mapToInt(Integer::intValue).toArray(),
        other.stream().mapToInt(Integer::intValue).toArray());
  }
}
