package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;

class PixelRangeTest {

  @Test
  void toByte_ofEveryByte_returnsIt() {
    for (int v = 0; v < 256; v++) {
      assertThat(PixelRange.toByte(PixelRange.toModel((byte) v))).isEqualTo((byte) v);
    }
  }

  @Test
  void toModel_atTheEnds_isExact() {
    assertThat(PixelRange.toModel(new byte[] {0, (byte) 255, 51})).containsExactly(-1f, 1f, -0.6f);
  }

  @Test
  void toByte_outside_isCutOff() {
    assertThat(PixelRange.toByte(7f)).isEqualTo((byte) 255);
    assertThat(PixelRange.toByte(Float.NEGATIVE_INFINITY)).isEqualTo((byte) 0);
  }

  @Test
  void toByte_half_isRoundedUp() {
    assertThat(PixelRange.toByte(0f)).isEqualTo((byte) 128); // 127.5
  }

  @Test
  void toByte_notANumber_isRefused() {
    assertThatThrownBy(() -> PixelRange.toByte(Float.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void toBytes_ofATensor_keepsTheOrder() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {-1f, 0f, 1f, -2f}, 2, 2).permute(1, 0);
      assertThat(PixelRange.toBytes(x)).containsExactly(0, 255, 128, 0);
    }
  }
}
