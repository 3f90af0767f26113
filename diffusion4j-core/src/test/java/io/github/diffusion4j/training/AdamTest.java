package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamTest {
  private static final int LENGTH = 5;
  private static final double RATE = 0.01;

  @ParameterizedTest
  @CsvSource({"BY_GRADIENT, 0", "BY_GRADIENT, 0.3", "DECOUPLED, 0", "DECOUPLED, 0.3"})
  void step_tenTimes_agreesWithAPlainLoop(Adam.Pull pull, double decay) {
    Adam.Constants constants = new Adam.Constants(0.8, 0.95, 1e-3, decay, pull);
    try (Scope scope = Scope.open()) {
      Tensor values = Seed.of(1).normal(LENGTH);
      Tensor gradients = Tensor.zeros(LENGTH);
      double[] expected = values.toDoubles();
      double[] mean = new double[LENGTH];
      double[] square = new double[LENGTH];
      try (Adam adam = new Adam(values, gradients, constants)) {
        for (int number = 1; number <= 10; number++) {
          gradients.copyInPlace(Seed.of(2).derive(number).normal(LENGTH));
          plainStep(number, expected, gradients.toDoubles(), mean, square, constants);
          adam.step(number, RATE);
        }
      }

      assertThat(values.toDoubles()).containsExactly(expected, within(1e-5));
    }
  }

  private static void plainStep(
      int number, double[] w, double[] g, double[] mean, double[] square, Adam.Constants c) {
    for (int i = 0; i < w.length; i++) {
      double gradient = g[i];
      if (c.pull() == Adam.Pull.DECOUPLED) {
        w[i] -= RATE * c.weightDecay() * w[i];
      } else {
        gradient += c.weightDecay() * w[i];
      }
      mean[i] = c.beta1() * mean[i] + (1 - c.beta1()) * gradient;
      square[i] = c.beta2() * square[i] + (1 - c.beta2()) * gradient * gradient;
      double meanHat = mean[i] / (1 - Math.pow(c.beta1(), number));
      double squareHat = square[i] / (1 - Math.pow(c.beta2(), number));
      w[i] -= RATE * meanHat / (Math.sqrt(squareHat) + c.stabilizer());
    }
  }
}
