package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerics")
class MlpTest {
  private static final MlpConfig CONFIG = new MlpConfig(2, 8, 3);

  private Scope scope;
  private Mlp mlp;

  @BeforeEach
  void open() {
    scope = Scope.open();
    mlp = new Mlp(CONFIG, Seed.of(1));
  }

  @AfterEach
  void close() {
    mlp.close();
    scope.close();
  }

  @Test
  void forward_freshNetwork_predictsZero() {
    Tensor output = forward(Seed.of(2).normal(5, 2), Tensor.of(new long[] {0, 1, 2, 3, 4}, 5));

    assertThat(output.shape()).containsExactly(5, 2);
    assertThat(output.toFloats()).containsOnly(0);
  }

  @Test
  void forward_onePoint_doesNotDependOnItsBatch() {
    openTheLastLayer();
    Tensor x = Seed.of(2).normal(5, 2);
    Tensor time = Tensor.of(new long[] {0, 10, 200, 500, 999}, 5);
    float[] together = forward(x, time).toFloats();
    float[] alone = forward(x.narrow(0, 3, 1), time.narrow(0, 3, 1)).toFloats();

    assertThat(alone[0]).isCloseTo(together[6], within(1e-5f));
    assertThat(alone[1]).isCloseTo(together[7], within(1e-5f));
  }

  @Test
  void forward_otherTimeOrPoint_givesAnotherAnswer() {
    openTheLastLayer();
    Tensor x = Tensor.zeros(1, 2);
    float[] early = forward(x, Tensor.of(new long[] {3}, 1)).toFloats();

    assertThat(forward(x, Tensor.of(new long[] {900}, 1)).toFloats()).isNotEqualTo(early);
    assertThat(forward(x.plus(0.5), Tensor.of(new long[] {3}, 1)).toFloats()).isNotEqualTo(early);
  }

  @Test
  void parameters_ofAllLayers_areCounted() {
    int w = 8;
    int entry = 2 * w + w;
    int time = 2 * (w * w + w);
    int blocks = 3 * 3 * (w * w + w);
    int exit = 2 * w + 2;

    assertThat(mlp.parameterCount()).isEqualTo(entry + time + blocks + exit);
    assertThat(mlp.parameters()).containsKeys("linear_in.weight", "blocks.2.linear_2.bias");
    long products =
        mlp.parameters().values().stream().filter(MlpTest::isMatrix).mapToLong(Tensor::numel).sum();
    assertThat(Cost.flopsPerSample(CONFIG)).isEqualTo(2 * products);
  }

  @Test
  void forward_wrongShapes_areRefused() {
    Tensor time = Tensor.of(new long[] {1}, 1);

    assertThatThrownBy(() -> forward(Tensor.zeros(1, 3), time))
        .hasMessage("x is [1, 3]; allowed: [N, 2]");
    assertThatThrownBy(() -> forward(Tensor.zeros(2, 2), time))
        .hasMessage("time is [1]; allowed: one per point, [2]");
    assertThatThrownBy(() -> mlp.forward(Tensor.zeros(1, 2), time, Optional.of(time), Dropout.NONE))
        .hasMessageContaining("takes no labels");
  }

  private static boolean isMatrix(Tensor parameter) {
    return parameter.shape().length == 2;
  }

  private Tensor forward(Tensor x, Tensor time) {
    return mlp.forward(x, time, Optional.empty(), Dropout.NONE);
  }

  /** The last layer begins with zeros, behind which everything would look alike. */
  private void openTheLastLayer() {
    try (NoGrad off = NoGrad.open()) {
      mlp.parameters()
          .forEach(
              (name, value) -> {
                if (name.equals("linear_out.weight")) {
                  value.fillInPlace(0.1);
                }
              });
    }
  }
}
