package io.github.diffusion4j.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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

  private static final List<String> BASELINES = List.of("mnist-vae", "mnist-hvae", "mnist-gan");

  private Presets() {}

  /** Returns the names of the diffusion models, smallest experiment first. */
  public static List<String> names() {
    return NAMES;
  }

  /** Returns the names of the models of other families. */
  public static List<String> baselines() {
    return BASELINES;
  }

  /** Returns the names of all. */
  public static List<String> all() {
    return Stream.concat(NAMES.stream(), BASELINES.stream()).toList();
  }

  /**
   * Returns the diffusion model called {@code name}.
   *
   * @throws UserException if there is none; the message names the nearest
   */
  public static ExperimentConfig load(String name) {
    return (ExperimentConfig) one(name, NAMES);
  }

  /**
   * Returns the model of another family called {@code name}.
   *
   * @throws UserException if there is none; the message names the nearest
   */
  public static BaselineConfig baseline(String name) {
    return (BaselineConfig) one(name, BASELINES);
  }

  /**
   * Returns the preset called {@code name}.
   *
   * @throws UserException if there is none; the message names the nearest
   */
  public static RunConfig any(String name) {
    return one(name, all());
  }

  private static RunConfig one(String name, List<String> names) {
    if (!names.contains(name)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "there is no preset %s; %sallowed: %s",
              name,
              Nearest.of(name, names)
                  .map(text -> String.format(Locale.ROOT, "did you mean %s? ", text))
                  .orElse(""),
              String.join(", ", names)));
    }
    String resource = "presets/" + name + ".yaml";
    try (InputStream stream = Presets.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("the library lacks its resource " + resource);
      }
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return ConfigFiles.runFromYaml(text, resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
