package io.github.diffusion4j.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The experiments that come with the library, complete from data to sampling. */
public final class Presets {
  private static final List<String> NAMES =
      List.of(
          "digits-quickstart",
          "mnist",
          "fashion-mnist",
          "cifar10-ho",
          "cifar10-small",
          "emoji64",
          "toy2d");

  private Presets() {}

  /** Returns the names, smallest experiment first. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * Returns the preset called {@code name}.
   *
   * @throws UserException if there is none; the message names the nearest
   */
  public static ExperimentConfig load(String name) {
    if (!NAMES.contains(name)) {
      throw new UserException(
          "there is no preset %s; %sallowed: %s"
              .formatted(
                  name,
                  Nearest.of(name, NAMES).map("did you mean %s? "::formatted).orElse(""),
                  String.join(", ", NAMES)));
    }
    String resource = "presets/" + name + ".yaml";
    try (InputStream stream = Presets.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("the library lacks its resource " + resource);
      }
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return ConfigFiles.fromYaml(text, resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
