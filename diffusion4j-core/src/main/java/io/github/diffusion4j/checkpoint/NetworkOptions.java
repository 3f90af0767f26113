package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.Activation;
import io.github.diffusion4j.config.BlockConfig;
import io.github.diffusion4j.config.BlockConfig.Resampling;
import io.github.diffusion4j.config.BlockConfig.TimeConditioning;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.Extent;
import io.github.diffusion4j.config.InputRange;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LayerConfig.Downsampling;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig.Order;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The options of diffusers' {@code UNet2DModel}, as {@code unet/config.json} has them. */
final class NetworkOptions {
  static final String CLASS = "UNet2DModel";
  private static final String MIDDLE = "UNetMidBlock2D";

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

  /** Returns whether diffusers has such a network. */
  static boolean knows(UNetConfig config) {
    return config.layers().heads().isEmpty()
        && !(config.layers().timeEmbedding().kind() instanceof TimeFeatures.Scaled);
  }

  /** Returns all options, as diffusers writes them, of a network that it has. */
  static Map<String, Object> of(UNetConfig config) {
    LayerConfig layers = config.layers();
    BlockConfig block = layers.block();
    TimeEmbeddingConfig time = layers.timeEmbedding();
    Map<String, Object> options = new TreeMap<>();
    options.put("_class_name", CLASS);
    options.put("_diffusers_version", DiffusersPipeline.DIFFUSERS_VERSION);
    options.put("act_fn", Word.of(block.activation()));
    options.put("add_attention", config.middle() != MiddleKind.RESIDUAL);
    options.put("attention_head_dim", layers.headWidth());
    options.put("attn_norm_num_groups", block.middleGroups());
    options.put("block_out_channels", config.widths());
    options.put("center_input_sample", config.inputRange().isPresent());
    options.put("class_embed_type", classEmbedding(config));
    options.put("down_block_types", BlockNames.down(config.blocks()));
    options.put("downsample_padding", layers.downsampling() == Downsampling.SYMMETRIC ? 1 : 0);
    options.put("downsample_type", resampling(block.downsampler()));
    options.put("dropout", layers.dropout());
    options.put("flip_sin_to_cos", time.order() == Order.COS_SIN);
    options.put("freq_shift", shortest(time.frequencyShift()));
    options.put("in_channels", config.channels());
    options.put("layers_per_block", config.blocksPerLevel());
    options.put("mid_block_scale_factor", shortest(block.middleScale()));
    options.put(
        "mid_block_type",
        config.middle() == MiddleKind.NONE ? Optional.empty() : Optional.of(MIDDLE));
    options.put("norm_eps", layers.stabilizer());
    options.put("norm_num_groups", layers.groups());
    options.put("num_class_embeds", config.classes());
    options.put("out_channels", config.outputs());
    options.put(
        "resnet_time_scale_shift",
        switch (block.timeConditioning()) {
          case SHIFT -> "default";
          case SCALE_SHIFT -> "scale_shift";
        });
    options.put("sample_size", sampleSize(config));
    options.put("time_embedding_dim", time.width());
    putFeatures(options, time.kind());
    options.put("up_block_types", BlockNames.up(config.ascent()));
    options.put("upsample_type", resampling(block.upsampler()));
    return options;
  }

  private static void putFeatures(Map<String, Object> options, TimeFeatures kind) {
    options.put("num_train_timesteps", Optional.empty());
    options.put("time_embedding_type", "positional");
    if (kind instanceof TimeFeatures.Fourier) {
      options.put("time_embedding_type", "fourier");
    } else if (kind instanceof TimeFeatures.Learned learned) {
      options.put("num_train_timesteps", learned.steps());
      options.put("time_embedding_type", "learned");
    }
  }

  private static Optional<String> classEmbedding(UNetConfig config) {
    return config.labels().filter(kind -> kind != ClassEmbeddingKind.TABLE).map(Word::of);
  }

  private static String resampling(Resampling kind) {
    return switch (kind) {
      case CONVOLUTION -> "conv";
      case RESIDUAL -> "resnet";
    };
  }

  /** Returns a whole number without a decimal point, as diffusers has in its default. */
  private static Number shortest(double number) {
    return number == Math.rint(number) ? (Number) (long) number : (Number) number;
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
    List<Integer> widths = options.wholes("block_out_channels", 224, 448, 672, 896);
    Optional<Extent> extent = extent(options);
    int size = size(options, extent, widths.size());
    List<BlockKind> blocks = BlockNames.down(options);
    List<BlockKind> upBlocks = BlockNames.up(options);
    LayerConfig layers = layers(options);
    return options.explained(
        () ->
            new UNetConfig(
                channels,
                size,
                widths,
                blocks,
                middle(options),
                options.whole("layers_per_block", 2),
                layers,
                options.wholeOr("num_class_embeds", Optional.empty()),
                outputs == channels ? Optional.empty() : Optional.of(outputs),
                Optional.of(upBlocks),
                classEmbedding(options),
                options.flag("center_input_sample", false)
                    ? Optional.of(InputRange.ZERO_TO_ONE)
                    : Optional.empty(),
                extent));
  }

  private static Object sampleSize(UNetConfig config) {
    Extent extent = config.extent().orElse(null);
    if (extent instanceof Extent.Rectangle rectangle) {
      return List.of(config.size(), rectangle.width());
    }
    return extent instanceof Extent.Unknown ? Optional.empty() : config.size();
  }

  private static Optional<Extent> extent(OptionFile options) {
    if (!options.has("sample_size")) {
      return Optional.of(new Extent.Unknown());
    }
    if (!options.isList("sample_size")) {
      return Optional.empty();
    }
    List<Integer> pair = options.wholes("sample_size");
    if (pair.size() != 2) {
      throw options.wrong("sample_size", "one number, or height and width");
    }
    return options.explained(() -> Optional.of(new Extent.Rectangle(pair.get(1))));
  }

  /** Returns the height; where it is not known, the one that leaves two rows at the bottom. */
  private static int size(OptionFile options, Optional<Extent> extent, int levels) {
    if (extent.isEmpty()) {
      return options.required("sample_size");
    }
    return extent.get() instanceof Extent.Rectangle
        ? options.wholes("sample_size").get(0)
        : 1 << levels;
  }

  private static MiddleKind middle(OptionFile options) {
    options.supportOnly("mid_block_type", MIDDLE, Optional.empty());
    if (options.isNull("mid_block_type")) {
      return MiddleKind.NONE;
    }
    return options.flag("add_attention", true) ? MiddleKind.ATTENTION : MiddleKind.RESIDUAL;
  }

  private static Optional<ClassEmbeddingKind> classEmbedding(OptionFile options) {
    return switch (options.text("class_embed_type", "")) {
      case "" -> Optional.empty();
      case "timestep" -> Optional.of(ClassEmbeddingKind.TIMESTEP);
      case "identity" -> Optional.of(ClassEmbeddingKind.IDENTITY);
      default -> throw options.wrong("class_embed_type", "null, timestep, identity");
    };
  }

  private static LayerConfig layers(OptionFile options) {
    Optional<Integer> groups = options.wholeOr("norm_num_groups", Optional.of(32));
    Order order = options.flag("flip_sin_to_cos", true) ? Order.COS_SIN : Order.SIN_COS;
    Downsampling downsampling =
        switch (options.whole("downsample_padding", 1)) {
          case 0 -> Downsampling.RIGHT_BOTTOM;
          case 1 -> Downsampling.SYMMETRIC;
          default ->
              throw options.wrong(
                  "downsample_padding", "0, 1; more gives sizes that the way up cannot join");
        };
    return options.explained(
        () ->
            new LayerConfig(
                groups,
                options.number("norm_eps", 1e-5),
                options.number("dropout", 0),
                options.wholeOr("attention_head_dim", Optional.of(8)),
                downsampling,
                new TimeEmbeddingConfig(
                    order,
                    options.number("freq_shift", 0),
                    Optional.of(features(options)),
                    options.wholeOr("time_embedding_dim", Optional.empty())),
                LayerConfig.Initialization.TORCH,
                Optional.of(block(options)),
                Optional.empty()));
  }

  private static TimeFeatures features(OptionFile options) {
    return switch (options.text("time_embedding_type", "positional")) {
      case "positional" -> new TimeFeatures.Positional();
      case "fourier" -> new TimeFeatures.Fourier();
      case "learned" -> new TimeFeatures.Learned(options.required("num_train_timesteps"));
      default -> throw options.wrong("time_embedding_type", "positional, fourier, learned");
    };
  }

  private static BlockConfig block(OptionFile options) {
    TimeConditioning conditioning =
        switch (options.text("resnet_time_scale_shift", "default")) {
          case "default" -> TimeConditioning.SHIFT;
          case "scale_shift" -> TimeConditioning.SCALE_SHIFT;
          default -> throw options.wrong("resnet_time_scale_shift", "default, scale_shift");
        };
    return new BlockConfig(
        activation(options),
        conditioning,
        resampling(options, "downsample_type"),
        resampling(options, "upsample_type"),
        options.wholeOr("attn_norm_num_groups", Optional.empty()),
        options.number("mid_block_scale_factor", 1));
  }

  private static Activation activation(OptionFile options) {
    String word = options.text("act_fn", "silu");
    return word.equalsIgnoreCase("swish")
        ? Activation.SILU
        : Word.find(Activation.class, word)
            .orElseThrow(() -> options.wrong("act_fn", "silu, swish, mish, gelu, relu"));
  }

  private static Resampling resampling(OptionFile options, String name) {
    return switch (options.text(name, "conv")) {
      case "conv" -> Resampling.CONVOLUTION;
      case "resnet" -> Resampling.RESIDUAL;
      default -> throw options.wrong(name, "conv, resnet");
    };
  }

  private static void requireSupported(OptionFile options) {
    options.supportOnly("_class_name", CLASS);
    Set<String> names = new TreeSet<>(of(EXAMPLE).keySet());
    names.addAll(AVERAGE);
    options.supportOnlyNames(names);
    options.supportOnly("add_attention", true, false);
  }
}
