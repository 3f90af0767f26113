package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numerics")
class AdamTest {
  private static final int LENGTH = 5;
  private static final double RATE = 0.01;

  @ParameterizedTest
  @CsvSource({"BY_GRADIENT, 0", "BY_GRADIENT, 0.3", "DECOUPLED, 0", "DECOUPLED, 0.3"})
  void step_tenTimes_agreesWithAPlainLoop(Adam.Pull pull, double decay) {
    Adam.Constants constants = new Adam.Constants(0.8, 0.95, 1e-3, decay, pull);
    try (Scope scope = Scope.open()) {
      Tensor first = Seed.of(1).normal(2, 1).trainable();
      Tensor second = Seed.of(3).normal(LENGTH - 2).trainable();
      List<Tensor> parameters = List.of(first, second);
      double[] expected = joined(first.toDoubles(), second.toDoubles());
      double[] mean = new double[LENGTH];
      double[] square = new double[LENGTH];
      try (Adam adam = new Adam(parameters, constants)) {
        for (int number = 1; number <= 10; number++) {
          FlatGradient.set(first, Seed.of(2).derive(number).normal(2, 1));
          FlatGradient.set(second, Seed.of(4).derive(number).normal(LENGTH - 2));
          double[] gradient = FlatGradient.of(parameters);
          plainStep(number, expected, gradient, mean, square, constants);
          adam.step(number, RATE);
          assertThat(FlatGradient.of(parameters)).as("gradients stay").isEqualTo(gradient);
        }
        assertNumbers(requireNonNull(adam.state().get("mean")).toDoubles()).areCloseTo(mean, 1e-6);
        assertNumbers(requireNonNull(adam.state().get("mean_square")).toDoubles())
            .areCloseTo(square, 1e-6);
      }

      assertNumbers(joined(first.toDoubles(), second.toDoubles())).areCloseTo(expected, 1e-5);
    }
  }

  /** What no loss depends on has the gradient 0, and goes on by its momentum. */
  @Test
  void step_aParameterWithoutAGradient_movesLikeOneWithZeros() {
    Adam.Constants constants = new Adam.Constants(0.9, 0.99, 1e-8, 0, Adam.Pull.BY_GRADIENT);
    try (Scope scope = Scope.open()) {
      Tensor without = Seed.of(1).normal(LENGTH).trainable();
      Tensor zeros = without.detach().copy().trainable();
      try (Adam adam = new Adam(List.of(without, zeros), constants)) {
        for (Tensor each : List.of(without, zeros)) {
          FlatGradient.set(each, Seed.of(2).normal(LENGTH));
        }
        adam.step(1, RATE);
        double[] before = without.toDoubles();
        without.clearGradient();
        FlatGradient.set(zeros, Tensor.zeros(LENGTH));
        adam.step(2, RATE);

        assertThat(without.toDoubles()).isEqualTo(zeros.toDoubles()).isNotEqualTo(before);
      }
    }
  }

  private static double[] joined(double[] a, double[] b) {
    return DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
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
