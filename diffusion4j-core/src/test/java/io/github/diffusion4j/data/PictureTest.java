package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PictureTest {

  @Test
  void resize_halved_weighsByTheTriangle() {
    // (0.75 · 0 + 0.75 · 70 + 0.25 · 140) / 1.75, and the mirror image
    assertThat(resized(gray(1, 4, 0, 70, 140, 210), 1, 2)).containsExactly(50, 160);
  }

  @Test
  void resize_finePattern_turnsGray() {
    int[] stripes = new int[64];
    for (int i = 0; i < 64; i++) {
      stripes[i] = i % 2 * 200;
    }
    int[] small = resized(gray(1, 64, stripes), 1, 8);
    for (int value : small) {
      assertThat(value).isBetween(95, 105);
    }
  }

  @Test
  void resize_enlarged_interpolates() {
    assertThat(resized(gray(1, 2, 0, 100), 1, 4)).containsExactly(0, 25, 75, 100);
    assertThat(resized(gray(2, 1, 0, 100), 4, 1)).containsExactly(0, 25, 75, 100);
  }

  @Test
  void resize_white_staysWhite() {
    int[] white = new int[35];
    Arrays.fill(white, 255);
    assertThat(resized(gray(5, 7, white), 3, 4)).containsOnly(255);
    assertThat(resized(gray(5, 7, white), 13, 9)).containsOnly(255);
  }

  @Test
  void resize_oddSizes_agreesWithPillow() {
    // Image.resize((3, 2), BILINEAR) of Pillow, which rounds between its two passes
    int[] source = {
      139, 74, 229, 241, 169, 65, 6, //
      160, 149, 106, 38, 175, 188, 205, //
      175, 229, 98, 249, 10, 148, 95, //
      86, 147, 198, 66, 39, 106, 213, //
      171, 45, 167, 57, 69, 81, 55
    };
    int[] expected = {148, 144, 128, 140, 106, 107};
    int[] found = resized(gray(5, 7, source), 2, 3);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isBetween(expected[i] - 1, expected[i] + 1);
    }
  }

  @Test
  void fitted_crop_cutsTheMiddleOut() {
    Picture wide = gray(1, 6, 1, 2, 3, 4, 5, 6);
    assertThat(fitted(wide, new ImageShape(1, 1, 2), Fit.CROP)).containsExactly(3, 4);
    Picture tall = gray(3, 1, 1, 2, 3);
    assertThat(fitted(tall, new ImageShape(1, 1, 1), Fit.CROP)).containsExactly(2);
  }

  @Test
  void fitted_cropOfThreeChannels_cutsEachOne() {
    byte[] bytes = {1, 2, 3, 11, 12, 13, 21, 22, 23};
    Picture picture = new Picture(new ImageShape(3, 1, 3), bytes);
    assertThat(fitted(picture, new ImageShape(3, 1, 1), Fit.CROP)).containsExactly(2, 12, 22);
  }

  @Test
  void fitted_stretch_givesProportionsUp() {
    Picture wide = gray(1, 2, 0, 100);
    assertThat(fitted(wide, new ImageShape(1, 2, 2), Fit.STRETCH)).containsExactly(0, 100, 0, 100);
  }

  @Test
  void fitted_otherChannels_convertsColors() {
    assertThat(fitted(gray(1, 1, 77), new ImageShape(3, 1, 1), Fit.CROP))
        .containsExactly(77, 77, 77);
    byte[] red = {(byte) 255, 0, 0};
    Picture picture = new Picture(new ImageShape(3, 1, 1), red);
    assertThat(fitted(picture, new ImageShape(1, 1, 1), Fit.CROP)).containsExactly(76);
  }

  private static Picture gray(int height, int width, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new Picture(new ImageShape(1, height, width), bytes);
  }

  private static int[] resized(Picture picture, int height, int width) {
    return unsigned(Resampling.resize(picture, height, width).bytes());
  }

  private static int[] fitted(Picture picture, ImageShape shape, Fit fit) {
    return unsigned(picture.fitted(ImageOptions.of(shape).withFit(fit)).bytes());
  }

  private static int[] unsigned(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return values;
  }
}
