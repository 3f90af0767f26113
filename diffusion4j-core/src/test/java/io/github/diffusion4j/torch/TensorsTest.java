package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerics")
final class TensorsTest {
  private final Scope scope = Scope.open();
  private final Tensor a = Tensor.of(new float[] {1, 2, 2}, 3);
  private final Tensor b = Tensor.of(new float[] {4}, 1, 1);

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void norm_ofSeveral_isThatOfAllElements() {
    assertThat(Tensors.norm(List.of(a, b))).isCloseTo(5, within(1e-6));
    assertThat(Tensors.norm(List.of(b))).isEqualTo(4);
  }

  @Test
  void timesInPlace_several_multipliesEachElement() {
    Tensors.timesInPlace(List.of(a, b), 0.5);

    assertThat(a.toFloats()).containsExactly(0.5f, 1, 1);
    assertThat(b.toFloats()).containsExactly(2);
  }

  @Test
  void plusInPlace_several_addsEachToItsOwn() {
    Tensors.plusInPlace(
        List.of(a, b), List.of(Tensor.of(new float[] {10, 20, 30}, 3), Tensor.full(1, 1, 1)));

    assertThat(a.toFloats()).containsExactly(11, 22, 32);
    assertThat(b.toFloats()).containsExactly(5);
  }

  @Test
  void calls_many_leaveNoNativeObjects() {
    Tensors.norm(List.of(a, b));
    long before = Scope.liveObjects();
    for (int i = 0; i < 20; i++) {
      Tensors.timesInPlace(List.of(a, b), 1);
      Tensors.norm(List.of(a, b));
    }

    assertThat(Scope.liveObjects()).isEqualTo(before);
  }
}
