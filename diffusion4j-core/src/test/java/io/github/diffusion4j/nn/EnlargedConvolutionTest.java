package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The slow form, which makes the doubled image, is the oracle. */
@Tag("numerics")
class EnlargedConvolutionTest {
  private static Tensor f64(Seed seed, long... shape) {
    return seed.normal(shape).to(DType.F64).detach().trainable();
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).containsExactly(expected.shape());
    double[] a = actual.toDoubles();
    double[] e = expected.toDoubles();
    for (int i = 0; i < e.length; i++) {
      assertThat(a[i]).isCloseTo(e[i], within(1e-12 * Math.max(1, Math.abs(e[i]))));
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,1,1", "2,3,5,4,4", "1,2,2,1,5", "3,4,1,7,2"})
  void of_anyShape_isTheConvolutionOfTheDoubledImage(
      int n, int in, int out, int height, int width) {
    try (Scope scope = Scope.open()) {
      Tensor x = f64(Seed.of(1), n, in, height, width);
      Tensor weight = f64(Seed.of(2), out, in, 3, 3);
      Tensor bias = f64(Seed.of(3), out);
      Tensor answer = f64(Seed.of(4), n, out, 2L * height, 2L * width).detach();
      Supplier<Tensor> slow =
          () ->
              Functions.conv2d(
                  Functions.upsampleNearest(x, 2L * height, 2L * width), weight, bias, 1, 1);

      Tensor expected = slow.get();
      Tensor actual = EnlargedConvolution.of(x, weight, bias);

      assertSame(actual, expected);
      actual.times(answer).sum().backward();
      Tensor[] gradients = {x.gradient(), weight.gradient(), bias.gradient()};
      Tensor[] fast = new Tensor[gradients.length];
      for (int i = 0; i < fast.length; i++) {
        fast[i] = gradients[i].copy();
        gradients[i].fillInPlace(0);
      }
      expected.times(answer).sum().backward();
      assertSame(fast[0], x.gradient());
      assertSame(fast[1], weight.gradient());
      assertSame(fast[2], bias.gradient());
    }
  }

  @Test
  void forwardDoubled_otherConvolutions_areRefused() {
    try (Conv2d pointwise = new Conv2d(2, 2, 1, 1, 0, Start.TORCH);
        Conv2d halving = new Conv2d(2, 2, 3, 2, 1, Start.TORCH);
        Scope scope = Scope.open()) {
      Tensor x = Tensor.zeros(1, 2, 4, 4);

      assertThatThrownBy(() -> pointwise.forwardDoubled(x))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> halving.forwardDoubled(x)).isInstanceOf(IllegalStateException.class);
    }
  }
}
