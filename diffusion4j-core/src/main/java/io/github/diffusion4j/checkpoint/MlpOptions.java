package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.MlpConfig;
import java.util.Map;
import java.util.Set;

/**
 * The options of our {@link io.github.diffusion4j.nn.Mlp}, in a file of the form that diffusers has
 * for its networks.
 */
final class MlpOptions {
  static final String CLASS = "diffusion4j.Mlp";

  private MlpOptions() {}

  static Map<String, Object> of(MlpConfig config) {
    return Map.of(
        "_class_name",
        CLASS,
        "dimensions",
        config.dimensions(),
        "width",
        config.width(),
        "depth",
        config.depth());
  }

  static MlpConfig read(OptionFile options) {
    options.supportOnlyNames(Set.of("dimensions", "width", "depth"));
    return options.explained(
        () ->
            new MlpConfig(
                options.required("dimensions"),
                options.required("width"),
                options.required("depth")));
  }
}
