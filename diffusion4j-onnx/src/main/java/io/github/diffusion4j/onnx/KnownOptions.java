package io.github.diffusion4j.onnx;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** Which networks can be written as graphs. */
final class KnownOptions {
  private static final Set<BlockKind> BLOCKS =
      EnumSet.of(BlockKind.RESIDUAL, BlockKind.ATTENTION, BlockKind.RESAMPLING_RESIDUAL);

  private KnownOptions() {}

  /**
   * Refuses the others.
   *
   * @throws UserException with the name of the option
   */
  static void require(UNetConfig config) {
    Stream.concat(config.blocks().stream(), config.ascent().stream())
        .filter(kind -> !BLOCKS.contains(kind))
        .findFirst()
        .ifPresent(
            kind -> {
              throw new UserException(
                  "the network has %s blocks, which the export to ONNX does not support"
                      .formatted(Word.of(kind)));
            });
  }
}
