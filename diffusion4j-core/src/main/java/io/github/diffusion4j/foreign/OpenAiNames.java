package io.github.diffusion4j.foreign;

import io.github.diffusion4j.config.UserException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the layers of OpenAI's {@code UNetModel} are in ours. */
final class OpenAiNames {
  private static final Map<String, String> RESIDUAL =
      Map.of(
          "in_layers.0", "norm1",
          "in_layers.2", "conv1",
          "emb_layers.1", "time_emb_proj",
          "out_layers.0", "norm2",
          "out_layers.3", "conv2",
          "skip_connection", "conv_shortcut");
  private static final Map<String, String> ATTENTION =
      Map.of("norm", "group_norm", "proj_out", "to_out.0");

  private final Map<String, String> layers = new LinkedHashMap<>();
  private final Map<String, String> attentions = new LinkedHashMap<>();

  OpenAiNames(OpenAiShape shape) {
    layers.put("time_embed.0", "time_embedding.linear_1");
    layers.put("time_embed.2", "time_embedding.linear_2");
    layers.put("label_emb", "class_embedding");
    layers.put("input_blocks.0.0", "conv_in");
    layers.put("out.0", "conv_norm_out");
    layers.put("out.2", "conv_out");
    residual("middle_block.0", "mid_block.resnets.0");
    attention("middle_block.1", "mid_block.attentions.0");
    residual("middle_block.2", "mid_block.resnets.1");
    for (int level = 0; level < shape.levels(); level++) {
      down(shape, level);
      up(shape, level);
    }
  }

  private void down(OpenAiShape shape, int level) {
    int first = 1 + level * (shape.blocksPerLevel() + 1);
    String ours = "down_blocks." + level;
    for (int block = 0; block < shape.blocksPerLevel(); block++) {
      String theirs = "input_blocks." + (first + block);
      residual(theirs + ".0", ours + ".resnets." + block);
      attention(theirs + ".1", ours + ".attentions." + block);
    }
    String theirs = "input_blocks." + (first + shape.blocksPerLevel()) + ".0";
    residual(theirs, ours + ".downsamplers.0");
    layers.put(theirs + ".op", ours + ".downsamplers.0.conv");
  }

  /** Levels on the way up are counted from the lowest resolution, in both. */
  private void up(OpenAiShape shape, int level) {
    int first = level * (shape.blocksPerLevel() + 1);
    String ours = "up_blocks." + level;
    for (int block = 0; block <= shape.blocksPerLevel(); block++) {
      String theirs = "output_blocks." + (first + block);
      residual(theirs + ".0", ours + ".resnets." + block);
      boolean attends = shape.attention().get(shape.levels() - 1 - level);
      if (attends) {
        attention(theirs + ".1", ours + ".attentions." + block);
      }
      if (block == shape.blocksPerLevel()) {
        String last = theirs + (attends ? ".2" : ".1");
        residual(last, ours + ".upsamplers.0");
        layers.put(last + ".conv", ours + ".upsamplers.0.conv");
      }
    }
  }

  private void residual(String theirs, String ours) {
    RESIDUAL.forEach((from, to) -> layers.put(theirs + "." + from, ours + "." + to));
  }

  private void attention(String theirs, String ours) {
    ATTENTION.forEach((from, to) -> layers.put(theirs + "." + from, ours + "." + to));
    attentions.put(theirs + ".qkv", ours);
  }

  /**
   * Returns our name of a parameter.
   *
   * @return empty for the joint query, key and value, see {@link #attentionOf}
   * @throws UserException if the network has no such parameter
   */
  Optional<String> parameter(String name) {
    if (attentionOf(name).isPresent()) {
      return Optional.empty();
    }
    String ours = layers.get(layer(name));
    if (ours == null) {
      throw new UserException(
          String.format(Locale.ROOT, "its tensor %s is none of OpenAI's UNetModel", name));
    }
    return Optional.of(ours + name.substring(layer(name).length()));
  }

  /** Returns our name of the attention whose joint query, key and value this is a part of. */
  Optional<String> attentionOf(String name) {
    return Optional.ofNullable(attentions.get(layer(name)));
  }

  private static String layer(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }
}
