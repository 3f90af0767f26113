package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.BlockKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The names that diffusers has for the blocks of a U-Net's levels. */
final class BlockNames {
  private static final String DOWN = "down_block_types";
  private static final String UP = "up_block_types";

  private BlockNames() {}

  /** Returns the names of the blocks on the way down, full resolution first. */
  static List<String> down(List<BlockKind> kinds) {
    return kinds.stream().map(BlockNames::down).toList();
  }

  /** Returns the names of the blocks on the way up, lowest resolution first. */
  static List<String> up(List<BlockKind> kinds) {
    return reversed(kinds.stream().map(BlockNames::up).toList());
  }

  /** Returns the blocks on the way down, full resolution first. */
  static List<BlockKind> down(OptionFile options) {
    String attention = down(BlockKind.ATTENTION);
    List<String> names =
        options.texts(DOWN, down(BlockKind.RESIDUAL), attention, attention, attention);
    return kinds(options, DOWN, names, BlockNames::down);
  }

  /** Returns the blocks on the way up, full resolution first: not as the file has them. */
  static List<BlockKind> up(OptionFile options) {
    String attention = up(BlockKind.ATTENTION);
    List<String> names = options.texts(UP, attention, attention, attention, up(BlockKind.RESIDUAL));
    return reversed(kinds(options, UP, names, BlockNames::up));
  }

  private static List<BlockKind> kinds(
      OptionFile options, String name, List<String> given, Function<BlockKind, String> word) {
    Map<String, BlockKind> known = new LinkedHashMap<>();
    for (BlockKind kind : BlockKind.values()) {
      known.put(word.apply(kind), kind);
    }
    List<BlockKind> kinds = new ArrayList<>();
    for (String type : given) {
      // the first releases wrote the prefix
      String plain = type.startsWith("UNetRes") ? type.substring("UNetRes".length()) : type;
      BlockKind kind = known.get(plain);
      if (kind == null) {
        String why =
            reason(plain).map(text -> String.format(Locale.ROOT, " (%s)", text)).orElse("");
        throw options.wrong(name, "a list of " + String.join(", ", known.keySet()) + why);
      }
      kinds.add(kind);
    }
    return kinds;
  }

  /** Returns why a block that diffusers has is not for this network. */
  private static Optional<String> reason(String type) {
    if (type.contains("CrossAttn")) {
      return Optional.of(type + " attends to texts, which UNet2DModel is not given");
    }
    return type.contains("Encoder") || type.contains("Decoder")
        ? Optional.of(type + " is of autoencoders, UNet2DModel cannot run it")
        : Optional.empty();
  }

  private static String down(BlockKind kind) {
    return switch (kind) {
      case RESIDUAL -> "DownBlock2D";
      case ATTENTION -> "AttnDownBlock2D";
      case RESAMPLING_RESIDUAL -> "ResnetDownsampleBlock2D";
      case SKIP -> "SkipDownBlock2D";
      case ATTENTION_SKIP -> "AttnSkipDownBlock2D";
      case K -> "KDownBlock2D";
    };
  }

  private static String up(BlockKind kind) {
    return switch (kind) {
      case RESIDUAL -> "UpBlock2D";
      case ATTENTION -> "AttnUpBlock2D";
      case RESAMPLING_RESIDUAL -> "ResnetUpsampleBlock2D";
      case SKIP -> "SkipUpBlock2D";
      case ATTENTION_SKIP -> "AttnSkipUpBlock2D";
      case K -> "KUpBlock2D";
    };
  }

  private static <T> List<T> reversed(List<T> list) {
    List<T> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }
}
