package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.LucidUNetConfig.SelfConditioning;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LucidCostTest {
  @Test
  void flopsPerSample_areThoseOfEachWeightWhereItIsUsedAndOfTheMixing() {
    LucidUNetConfig config = LucidNetworks.small(SelfConditioning.LAST_ESTIMATE);
    try (LucidUNet network = new LucidUNet(config, Seed.of(1))) {
      long products = 0;
      for (Map.Entry<String, Tensor> parameter : network.parameters().entrySet()) {
        boolean weight = parameter.getKey().endsWith("weight");
        products += weight ? parameter.getValue().numel() * places(parameter.getKey()) : 0;
      }
      LucidLevelConfig level = config.lowestLevel();
      int inner = level.heads() * level.headWidth();
      products += 2 * (64 + 68L) * inner * level.headWidth(); // linear, 8 x 8, down and up
      products += 3 * 2 * 16 * 20L * inner; // full, 4 x 4, down, middle and up

      assertThat(Cost.flopsPerSample(config)).isEqualTo(2 * products);
    }
  }

  @Test
  void activationsPerSample_growLikeTheWidth() {
    LucidUNetConfig config = LucidNetworks.small(SelfConditioning.NONE);

    assertThat(Cost.activationsPerSample(config)).isBetween(64L * 100, 64L * 1000);
  }

  /** Returns at how many pixels a weight is used: 64 at full resolution, 16 below. */
  private static long places(String name) {
    if (name.contains("mlp")) {
      return 1;
    }
    boolean low =
        name.startsWith("downs.0.3.")
            || name.startsWith("downs.1.")
            || name.startsWith("mid_")
            || (name.startsWith("ups.0.") && !name.startsWith("ups.0.3."));
    return low ? 16 : 64;
  }
}
