package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PointNoiseTest {
  private static final int COUNT = 100_000;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void z_oneSample_doesNotDependOnItsBatch() {
    float[] many = new PointNoise(Seed.of(1), 0).z(3, 10, 2).toFloats();
    float[] alone = new PointNoise(Seed.of(1), 7).z(3, 1, 2).toFloats();

    assertThat(alone).containsExactly(many[14], many[15]);
  }

  @Test
  void z_otherDrawOrStart_isOtherNoise() {
    PointNoise noise = new PointNoise(Seed.of(1), 0);
    float[] first = noise.z(1, 4, 2).toFloats();

    assertThat(noise.z(2, 4, 2).toFloats()).isNotEqualTo(first);
    assertThat(noise.xT(4, 2).toFloats()).isNotEqualTo(first);
    assertThat(noise.z(1, 4, 2).toFloats()).isEqualTo(first);
  }

  /** Mean, variance, fourth moment and the correlation of neighbors, each within 4 errors. */
  @Test
  void xT_manySamples_isStandardNormal() {
    Tensor x = new PointNoise(Seed.of(1), 0).xT(COUNT, 2);

    double error = 1 / Math.sqrt(2.0 * COUNT);
    assertThat(x.mean().item()).isCloseTo(0, within(4 * error));
    assertThat(x.square().mean().item()).isCloseTo(1, within(4 * error * Math.sqrt(2)));
    assertThat(x.square().square().mean().item()).isCloseTo(3, within(4 * error * Math.sqrt(96)));
    double product = x.select(1, 0).times(x.select(1, 1)).mean().item();
    assertThat(product).isCloseTo(0, within(4 / Math.sqrt(COUNT)));
  }
}
