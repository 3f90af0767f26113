package io.github.diffusion4j.baseline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerics")
class AdversaryTest {
  /** Small, as the slope jumps where a unit of the network changes sides. */
  private static final double STEP = 1e-6;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** D(x) = Σ a x², so ∇D = 2 a x, and the derivative of E‖∇D‖² by a is 8 a E‖x‖². */
  @Test
  void squaredSlope_ofAParabola_isTheClosedFormAndSoIsItsDerivative() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, -1}, 2, 2);
    Tensor a = Tensor.of(new double[] {0.5}, 1).trainable();

    Tensor slope = Adversary.squaredSlope(images -> images.square().times(a).sum(1), x);

    assertThat(slope.item()).isCloseTo(4 * 0.25 * 15 / 2, within(1e-12));
    assertThat(slope.derivativeBy(a).item()).isCloseTo(8 * 0.5 * 15 / 2, within(1e-12));
  }

  /** The slope itself by differences of the answers, along a direction. */
  @Test
  void squaredSlope_ofTheNetwork_isThatOfFiniteDifferences() {
    try (Discriminator network = network()) {
      Tensor x = Seed.of(2).normal(1, 1, 8, 8).to(DType.F64);
      double squared = 0;
      for (int pixel = 0; pixel < 64; pixel++) {
        double[] shift = new double[64];
        shift[pixel] = STEP;
        Tensor moved = Tensor.of(shift, 1, 1, 8, 8);
        double difference =
            network.forward(x.plus(moved)).item() - network.forward(x.minus(moved)).item();
        squared += Math.pow(difference / (2 * STEP), 2);
      }

      assertThat(Adversary.squaredSlope(network::forward, x).item())
          .isCloseTo(squared, within(1e-5 * squared));
    }
  }

  /** What the penalty does to every weight: needs the derivative of a derivative. */
  @Test
  void squaredSlope_backward_agreesWithFiniteDifferencesOfThePenalty() {
    try (Discriminator network = network()) {
      Tensor x = Seed.of(2).normal(3, 1, 8, 8).to(DType.F64);
      for (String name : List.of("conv_in.weight", "levels.0.conv2.weight", "linear_out.weight")) {
        Tensor weight = requireNonNull(network.parameters().get(name));
        Tensor slope = Adversary.squaredSlope(network::forward, x);
        Tensor derivative = slope.derivativeBy(weight);
        Tensor direction = derivative.dividedBy(derivative.norm());
        double expected = derivative.times(direction).sum().item();
        double above = moved(network, weight, direction, STEP, x);
        double below = moved(network, weight, direction, -STEP, x);

        assertThat(expected).as(name).isGreaterThan(1e-3);
        assertThat((above - below) / (2 * STEP))
            .as(name)
            .isCloseTo(expected, within(1e-4 * expected));
      }
    }
  }

  private static double moved(
      Discriminator network, Tensor weight, Tensor direction, double by, Tensor x) {
    try (NoGrad off = NoGrad.open()) {
      weight.plusInPlace(direction, by);
    }
    double value = Adversary.squaredSlope(network::forward, x).item();
    try (NoGrad off = NoGrad.open()) {
      weight.plusInPlace(direction, -by);
    }
    return value;
  }

  /** In 64 bits, for small differences. */
  private static Discriminator network() {
    Discriminator network =
        new Discriminator(new GanConfig(1, 8, List.of(8), 2, List.of(8, 16), 1, 1), Seed.of(1));
    for (Tensor parameter : network.parameters().values()) {
      parameter.rehome(parameter.detach().to(DType.F64));
    }
    return network;
  }

  /** Where the discriminator knows nothing, both losses are known, and so are their slopes. */
  @Test
  void losses_ofNoAnswer_areLogarithmsOfTwo() {
    Tensor none = Tensor.zeros(4);

    assertThat(Adversary.discriminatorLoss(none, none).item())
        .isCloseTo(2 * Math.log(2), within(1e-6));
    assertThat(Adversary.generatorLoss(none).item()).isCloseTo(Math.log(2), within(1e-6));
  }

  /** That of ln(1 − σ(D)), the saturating loss, would be e⁻²⁰ here. */
  @Test
  void generatorLoss_sureDiscriminator_stillHasASlope() {
    Tensor logits = Tensor.of(new double[] {-20}, 1).trainable();

    assertThat(Adversary.generatorLoss(logits).derivativeBy(logits).item())
        .isCloseTo(-1, within(1e-6));
  }
}
