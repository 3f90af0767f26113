package io.github.diffusion4j.torch;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Recording, the backward pass, and parameters that live in one shared piece of memory. */
@Tag("numerics")
class GradientTest {
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
  void backward_ofSquares_isTwiceTheValue() {
    Tensor parameter = Tensor.of(new float[] {1, -2, 3}, 3).trainable();

    parameter.square().sum().backward();

    assertThat(parameter.gradient().toFloats()).containsExactly(2, -4, 6);
  }

  @Test
  void backward_twice_addsUp() {
    Tensor parameter = Tensor.of(new float[] {1, -2}, 2).trainable();

    parameter.square().sum().backward();
    parameter.sum().backward();

    assertThat(parameter.gradient().toFloats()).containsExactly(3, -3);
  }

  @Test
  void backward_behindDetach_doesNotReach() {
    Tensor parameter = Tensor.of(new float[] {2}, 1).trainable();

    parameter.times(parameter.detach()).sum().backward();

    assertThat(parameter.gradient().toFloats()).containsExactly(2);
  }

  @Test
  void derivativeBy_severalNumbers_leavesGradientsAlone() {
    Tensor parameter = Tensor.of(new float[] {2}, 1).trainable();
    Tensor x = Tensor.of(new float[] {1, -2}, 2).trainable();
    Tensor y = x.square().times(parameter);

    Tensor first = y.select(0, 0).derivativeBy(x);
    Tensor second = y.select(0, 1).derivativeBy(x);

    assertNumbers(first.toFloats()).areCloseTo(new float[] {4, 0}, 0f);
    assertNumbers(second.toFloats()).areCloseTo(new float[] {0, -8}, 0f);
    y.sum().backward();
    assertThat(parameter.gradient().toFloats()).containsExactly(5);
  }

  @Test
  void recording_insideNoGrad_recordsUntilClosed() {
    Tensor x = Tensor.of(new float[] {3}, 1).trainable();
    try (NoGrad off = NoGrad.open()) {
      try (Recording on = Recording.open()) {
        assertThat(x.square().sum().derivativeBy(x).toFloats()).containsExactly(6);
      }
      Tensor outside = x.square().sum();
      assertThatThrownBy(() -> outside.derivativeBy(x)).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void noGrad_open_recordsNothing() {
    Tensor parameter = Tensor.of(new float[] {2}, 1).trainable();
    Tensor inside;
    try (NoGrad off = NoGrad.open()) {
      inside = parameter.square().sum();
    }

    assertThatThrownBy(inside::backward).isInstanceOf(RuntimeException.class);
    parameter.square().sum().backward();
    assertThat(parameter.gradient().toFloats()).containsExactly(4);
  }

  @Test
  void noGrad_nested_innerCloseKeepsOuter() {
    Tensor parameter = Tensor.of(new float[] {2}, 1).trainable();
    Tensor after;
    try (NoGrad outer = NoGrad.open()) {
      NoGrad.open().close();
      after = parameter.square().sum();
    }

    assertThatThrownBy(after::backward).isInstanceOf(RuntimeException.class);
  }

  @Test
  void noGrad_parameter_canBeChangedInPlace() {
    Tensor parameter = Tensor.of(new float[] {2}, 1).trainable();

    try (NoGrad off = NoGrad.open()) {
      parameter.timesInPlace(3);
    }

    assertThat(parameter.toFloats()).containsExactly(6);
  }

  @Test
  void rehome_parametersInOneTensor_changeWithIt() {
    Tensor all = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 6);
    Tensor first = Tensor.zeros(2).trainable();
    Tensor second = Tensor.zeros(2, 2).trainable();

    first.rehome(all.narrow(0, 0, 2));
    second.rehome(all.narrow(0, 2, 4).reshape(2, 2));
    all.timesInPlace(10);

    assertThat(first.toFloats()).containsExactly(10, 20);
    assertThat(second.toFloats()).containsExactly(30, 40, 50, 60);
  }

  @Test
  void gradient_clearedOrNeverReached_isZeros() {
    Tensor parameter = Tensor.of(new float[] {1, 2}, 2).trainable();
    Tensor unused = Tensor.zeros(3).trainable();
    Tensor number = Tensor.full(2).trainable();

    parameter.square().sum().times(number).backward();
    assertThat(parameter.gradient().toFloats()).containsExactly(4, 8);
    assertThat(unused.gradient().toFloats()).containsExactly(0, 0, 0);

    parameter.clearGradient();
    assertThat(parameter.gradient().toFloats()).containsExactly(0, 0);
    parameter.sum().backward();
    assertThat(parameter.gradient().toFloats()).containsExactly(1, 1);
  }

  /** A gradient that somebody holds survives being cleared. */
  @Test
  void clearGradient_aHeldGradient_keepsItsNumbers() {
    Tensor parameter = Tensor.of(new float[] {3}, 1).trainable();
    parameter.square().sum().backward();
    Tensor held = parameter.gradient();

    parameter.clearGradient();
    parameter.sum().backward();

    assertThat(held.toFloats()).containsExactly(6);
    assertThat(parameter.gradient().toFloats()).containsExactly(1);
  }

  @Test
  void homeless_givenAHome_isAnOrdinaryParameter() {
    Tensor parameter = Tensor.homeless(2, 3).trainable();
    assertThat(parameter.shape()).containsExactly(2, 3);
    assertThat(parameter.hasHome()).isFalse();

    parameter.rehome(Tensor.full(2, 2, 3));
    parameter.square().sum().backward();

    assertThat(parameter.hasHome()).isTrue();
    assertThat(parameter.gradient().toFloats()).containsExactly(4, 4, 4, 4, 4, 4);
  }

  @Test
  void rehome_afterUpdate_gradientUsesNewValues() {
    Tensor values = Tensor.of(new float[] {3}, 1);
    Tensor parameter = Tensor.zeros(1).trainable();
    parameter.rehome(values);

    parameter.square().sum().backward();
    values.plusInPlace(parameter.gradient(), -0.25);
    parameter.clearGradient();
    parameter.square().sum().backward();

    assertThat(values.toFloats()).containsExactly(1.5f);
    assertThat(parameter.gradient().toFloats()).containsExactly(3);
  }
}
