package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.UNetConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CostTest {
  @Test
  void flopsPerImage_ofOneLevel_isTheSumByHand() {
    UNetConfig config =
        new UNetConfig(
            1,
            4,
            List.of(8),
            List.of(BlockKind.ATTENTION),
            1,
            Networks.layers(4, Initialization.TORCH),
            Optional.empty());
    long entryAndExit = 2 * 16 * 9 * 8;
    long time = 8 * 32 + 32 * 32;
    long plainBlock = 16 * (9 * 64 + 9 * 64) + 32 * 8;
    long upBlock = 16 * (9 * 128 + 9 * 64 + 128) + 32 * 8;
    long attention = 4 * 16 * 64 + 2 * 16 * 16 * 8;

    long expected = 2 * (entryAndExit + time + 3 * plainBlock + 2 * upBlock + 4 * attention);

    assertThat(Cost.flopsPerImage(config)).isEqualTo(expected);
  }

  @Test
  void flopsPerImage_ofCifar10Network_isTwelveBillion() {
    assertThat(Cost.flopsPerImage(Networks.ho(32, 1, 128, 256, 256, 256)))
        .isBetween(12_000_000_000L, 12_500_000_000L);
  }
}
