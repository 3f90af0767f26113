package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExifOrientationTest {
  // 1 2 3
  // 4 5 6
  private static final Picture PICTURE =
      new Picture(new ImageShape(1, 2, 3), new byte[] {1, 2, 3, 4, 5, 6});

  @Test
  void upright_eachOrientation_movesThePixels() {
    assertThat(moved(ExifOrientation.UPRIGHT)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(moved(ExifOrientation.MIRRORED)).containsExactly(3, 2, 1, 6, 5, 4);
    assertThat(moved(ExifOrientation.HALF_TURN)).containsExactly(6, 5, 4, 3, 2, 1);
    assertThat(moved(ExifOrientation.UPSIDE_DOWN_MIRRORED)).containsExactly(4, 5, 6, 1, 2, 3);
    assertThat(moved(ExifOrientation.TRANSPOSED)).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(moved(ExifOrientation.NEEDS_CLOCKWISE)).containsExactly(4, 1, 5, 2, 6, 3);
    assertThat(moved(ExifOrientation.TRANSVERSE)).containsExactly(6, 3, 5, 2, 4, 1);
    assertThat(moved(ExifOrientation.NEEDS_COUNTERCLOCKWISE)).containsExactly(3, 6, 2, 5, 1, 4);
  }

  @Test
  void of_fileWithTheTag_readsIt() throws Exception {
    assertThat(ExifOrientation.of(ImageBytes.resource("rotated.jpg")))
        .isEqualTo(ExifOrientation.NEEDS_CLOCKWISE);
    assertThat(ExifOrientation.of(ImageBytes.resource("progressive.jpg")))
        .isEqualTo(ExifOrientation.UPRIGHT);
  }

  private static byte[] moved(ExifOrientation orientation) {
    return orientation.upright(PICTURE).bytes();
  }
}
