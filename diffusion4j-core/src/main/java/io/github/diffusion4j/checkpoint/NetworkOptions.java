package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LayerConfig.Downsampling;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig.Order;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The options of diffusers' {@code UNet2DModel}, as {@code unet/config.json} has them. */
final class NetworkOptions {
  static final String CLASS = "UNet2DModel";

  /** Notes about the averaged weights that diffusers' training script leaves in the file. */
  private static final Set<String> AVERAGE =
      Set.of(
          "decay",
          "inv_gamma",
          "min_decay",
          "optimization_step",
          "power",
          "update_after_step",
          "use_ema_warmup");

  private static final UNetConfig EXAMPLE =
      new UNetConfig(
          1, 8, List.of(32), List.of(BlockKind.RESIDUAL), 1, LayerConfig.DEFAULT, Optional.empty());

  private NetworkOptions() {}

  /** Returns all options, as diffusers writes them. */
  static Map<String, Object> of(UNetConfig config) {
    LayerConfig layers = config.layers();
    Map<String, Object> options = new TreeMap<>();
    options.put("_class_name", CLASS);
    options.put("_diffusers_version", DiffusersPipeline.DIFFUSERS_VERSION);
    options.put("act_fn", "silu");
    options.put("add_attention", config.middle() == BlockKind.ATTENTION);
    options.put("attention_head_dim", layers.headWidth());
    options.put("attn_norm_num_groups", Optional.empty());
    options.put("block_out_channels", config.widths());
    options.put("center_input_sample", false);
    options.put("class_embed_type", Optional.empty());
    options.put("down_block_types", blocks(config.blocks(), "DownBlock2D"));
    options.put("downsample_padding", layers.downsampling() == Downsampling.SYMMETRIC ? 1 : 0);
    options.put("downsample_type", "conv");
    options.put("dropout", layers.dropout());
    options.put("flip_sin_to_cos", layers.timeEmbedding().order() == Order.COS_SIN);
    options.put("freq_shift", layers.timeEmbedding().frequencyShift());
    options.put("in_channels", config.channels());
    options.put("layers_per_block", config.blocksPerLevel());
    options.put("mid_block_scale_factor", 1);
    options.put("mid_block_type", "UNetMidBlock2D");
    options.put("norm_eps", layers.stabilizer());
    options.put("norm_num_groups", layers.groups());
    options.put("num_class_embeds", config.classes());
    options.put("num_train_timesteps", Optional.empty());
    options.put("out_channels", config.outputs());
    options.put("resnet_time_scale_shift", "default");
    options.put("sample_size", config.size());
    options.put("time_embedding_dim", Optional.empty());
    options.put("time_embedding_type", "positional");
    options.put("up_block_types", blocks(reversed(config.blocks()), "UpBlock2D"));
    options.put("upsample_type", "conv");
    return options;
  }

  /**
   * Returns the network that {@code options} describe; how weights begin is not among them.
   *
   * @throws UserException if the network has a feature that this library does not have
   */
  static UNetConfig read(OptionFile options) {
    requireSupported(options);
    int channels = options.whole("in_channels", 3);
    int outputs = options.whole("out_channels", 3);
    options.supportOnly("out_channels", channels, 2 * channels);
    List<Integer> widths = options.wholes("block_out_channels", 224, 448, 672, 896);
    options.supportOnly(
        "time_embedding_dim", Optional.empty(), 4 * widths.stream().findFirst().orElse(0));
    int size =
        options
            .wholeOr("sample_size", Optional.empty())
            .orElseThrow(() -> options.wrong("sample_size", "height and width, one number"));
    List<BlockKind> blocks = blocks(options);
    LayerConfig layers = layers(options);
    return options.explained(
        () ->
            new UNetConfig(
                channels,
                size,
                widths,
                blocks,
                options.flag("add_attention", true) ? BlockKind.ATTENTION : BlockKind.RESIDUAL,
                options.whole("layers_per_block", 2),
                layers,
                options.wholeOr("num_class_embeds", Optional.empty()),
                outputs == channels ? Optional.empty() : Optional.of(outputs)));
  }

  private static LayerConfig layers(OptionFile options) {
    int groups = options.whole("norm_num_groups", 32);
    options.supportOnly("attn_norm_num_groups", Optional.empty(), groups);
    Order order = options.flag("flip_sin_to_cos", true) ? Order.COS_SIN : Order.SIN_COS;
    Downsampling downsampling =
        switch (options.whole("downsample_padding", 1)) {
          case 0 -> Downsampling.RIGHT_BOTTOM;
          case 1 -> Downsampling.SYMMETRIC;
          default -> throw options.wrong("downsample_padding", "0, 1");
        };
    return options.explained(
        () ->
            new LayerConfig(
                groups,
                options.number("norm_eps", 1e-5),
                options.number("dropout", 0),
                options.wholeOr("attention_head_dim", Optional.of(8)),
                downsampling,
                new TimeEmbeddingConfig(order, options.whole("freq_shift", 0)),
                LayerConfig.Initialization.TORCH));
  }

  private static void requireSupported(OptionFile options) {
    options.supportOnly("_class_name", CLASS);
    Set<String> names = new TreeSet<>(of(EXAMPLE).keySet());
    names.addAll(AVERAGE);
    options.supportOnlyNames(names);
    options.supportOnly("act_fn", "silu", "swish");
    options.supportOnly("add_attention", true, false);
    options.supportOnly("center_input_sample", false);
    options.supportOnly("class_embed_type", Optional.empty());
    options.supportOnly("downsample_type", "conv");
    options.supportOnly("mid_block_scale_factor", 1);
    options.supportOnly("mid_block_type", "UNetMidBlock2D");
    options.supportOnly("resnet_time_scale_shift", "default");
    options.supportOnly("time_embedding_type", "positional");
    options.supportOnly("upsample_type", "conv");
  }

  private static List<BlockKind> blocks(OptionFile options) {
    List<BlockKind> down =
        blocks(
            options,
            "down_block_types",
            "DownBlock2D",
            options.texts(
                "down_block_types",
                "DownBlock2D",
                "AttnDownBlock2D",
                "AttnDownBlock2D",
                "AttnDownBlock2D"));
    List<BlockKind> up =
        blocks(
            options,
            "up_block_types",
            "UpBlock2D",
            options.texts(
                "up_block_types", "AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"));
    if (!up.equals(reversed(down))) {
      throw options.wrong("up_block_types", "the mirror image of down_block_types");
    }
    return down;
  }

  private static List<BlockKind> blocks(
      OptionFile options, String name, String residual, List<String> types) {
    List<BlockKind> kinds = new ArrayList<>();
    for (String type : types) {
      // the first releases wrote the prefix
      String plain = type.startsWith("UNetRes") ? type.substring("UNetRes".length()) : type;
      if (plain.equals(residual)) {
        kinds.add(BlockKind.RESIDUAL);
      } else if (plain.equals("Attn" + residual)) {
        kinds.add(BlockKind.ATTENTION);
      } else {
        throw options.wrong(name, "a list of %s and Attn%s".formatted(residual, residual));
      }
    }
    return kinds;
  }

  private static List<String> blocks(List<BlockKind> kinds, String residual) {
    return kinds.stream()
        .map(
            kind ->
                switch (kind) {
                  case RESIDUAL -> residual;
                  case ATTENTION -> "Attn" + residual;
                })
        .toList();
  }

  private static List<BlockKind> reversed(List<BlockKind> kinds) {
    List<BlockKind> reversed = new ArrayList<>(kinds);
    Collections.reverse(reversed);
    return reversed;
  }
}
