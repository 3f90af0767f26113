package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ModelOptions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The options of networks for images that diffusers does not have, in a file of the form that it
 * has for its networks; the class name is one that Python does not know.
 *
 * <p>The options lie in a group, not beside the class name: Python's {@code UNet2DModel} passes
 * over options and class names that it does not know, and would take those that it does.
 */
final class OwnNetworkOptions {
  static final String CLASS = "diffusion4j.Network";
  private static final String GROUP = "model";

  private OwnNetworkOptions() {}

  static Map<String, Object> of(ModelConfig config) {
    Map<String, Object> options = new TreeMap<>(ModelOptions.of(config));
    options.put("_class_name", CLASS);
    return options;
  }

  static ModelConfig read(OptionFile options) {
    options.supportOnlyNames(Set.of(GROUP));
    return options.explained(() -> ModelOptions.read(options.only(GROUP)));
  }
}
