package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.TensorForm;
import io.github.diffusion4j.config.UserException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The shapes of the parameters of a network of lucidrains', by their names in the present release.
 */
final class LucidShapes {
  private static final Set<String> PARTS =
      Set.of(
          "init_conv",
          "time_mlp",
          "downs",
          "ups",
          "mid_block1",
          "mid_attn",
          "mid_block2",
          "final_res_block",
          "final_conv");
  private static final int IMAGE_KERNEL = 4;

  private final Map<String, String> network;
  private final Map<String, TensorForm> tensors;

  /**
   * The shapes of {@code network}, whose names in the file are its values.
   *
   * @throws UserException if there is a part that the networks for images do not have
   */
  LucidShapes(Map<String, String> network, Map<String, TensorForm> tensors) {
    this.network = network;
    this.tensors = tensors;
    for (String name : network.keySet()) {
      if (!PARTS.contains(name.split("\\.", 2)[0])) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "%s is unknown; allowed: the tensors of Unet, without labels, text or another condition",
                network.get(name)));
      }
    }
    if (shape("init_conv.weight").size() != IMAGE_KERNEL) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "init_conv.weight is %s; allowed: [O, I, 7, 7], the entry of Unet for images",
              shape("init_conv.weight")));
    }
  }

  boolean has(String name) {
    return network.containsKey(name);
  }

  /**
   * Returns the shape of a parameter.
   *
   * @throws UserException if the file lacks it
   */
  List<Long> shape(String name) {
    if (!has(name)) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is missing; the network of Unet has it", name));
    }
    return Objects.requireNonNull(tensors.get(network.get(name))).shape();
  }

  /** Returns one extent of a parameter. */
  int extent(String name, int dim) {
    List<Long> shape = shape(name);
    if (dim >= shape.size()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is %s; allowed: a shape with %d dimensions or more",
              name,
              shape,
              dim + 1));
    }
    return Math.toIntExact(shape.get(dim));
  }

  /** Returns whether the file has a name of a former release for the parameter. */
  boolean isRenamed(String name) {
    return has(name) && !Objects.requireNonNull(network.get(name)).endsWith(name);
  }
}
