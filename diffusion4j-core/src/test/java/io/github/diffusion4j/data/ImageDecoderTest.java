package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  @Test
  void decode_grayPng_keepsTheStoredValues() throws Exception {
    BufferedImage gray = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 128, 255});

    Picture picture = ImageDecoder.decode(ImageBytes.encoded("png", gray));

    assertThat(picture.shape()).isEqualTo(new ImageShape(1, 1, 3));
    assertThat(picture.bytes()).containsExactly(0, 128, 255);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void decode_losslessColor_isPlanar(String format) throws Exception {
    BufferedImage color = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    color.setRGB(0, 0, 0x010203);
    color.setRGB(1, 0, 0xf1f2f3);

    Picture picture = ImageDecoder.decode(ImageBytes.encoded(format, color));

    assertThat(picture.shape()).isEqualTo(new ImageShape(3, 1, 2));
    assertThat(picture.bytes()).containsExactly(0x01, 0xf1, 0x02, 0xf2, 0x03, 0xf3);
  }

  @Test
  void decode_alpha_isCompositedOverWhite() throws Exception {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00ff0000);
    image.setRGB(1, 0, 0x80ff0000);
    image.setRGB(2, 0, 0xff00ff00);

    Picture picture = ImageDecoder.decode(ImageBytes.encoded("png", image));

    assertThat(picture.bytes()).containsExactly(255, 255, 0, 255, 127, 255, 255, 127, 0);
  }

  @Test
  void decode_sixteenBitGrayWithAlpha_isReducedAndComposited() throws Exception {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(3, 1);
    raster.setPixels(0, 0, 3, 1, new int[] {65535, 65535, 100 * 257, 65535, 0, 0});
    BufferedImage image = new BufferedImage(model, raster, false, null);

    Picture picture = ImageDecoder.decode(ImageBytes.encoded("png", image));

    assertThat(picture.shape().channels()).isEqualTo(1);
    assertThat(picture.bytes()).containsExactly(255, 100, 255);
  }

  @Test
  void decode_sixteenBitColor_isRounded() throws Exception {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixels(0, 0, 1, 1, new int[] {257 * 9 + 128, 257 * 9 + 129, 65535});
    BufferedImage image = new BufferedImage(model, raster, false, null);

    assertThat(ImageDecoder.decode(ImageBytes.encoded("png", image)).bytes())
        .containsExactly(9, 10, 255);
  }

  @Test
  void decode_paletteGif_usesTheColors() throws Exception {
    byte[] reds = {10, (byte) 200};
    byte[] greens = {20, 100};
    byte[] blues = {30, 50};
    BufferedImage image =
        new BufferedImage(
            2, 1, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(1, 2, reds, greens, blues));
    image.getRaster().setPixels(0, 0, 2, 1, new int[] {1, 0});

    Picture picture = ImageDecoder.decode(ImageBytes.encoded("gif", image));

    assertThat(picture.bytes()).containsExactly(200, 10, 100, 20, 50, 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lossless.webp", "lossy.webp", "progressive.jpg", "cmyk.jpg"})
  void decode_halves_hasBothColors(String name) throws Exception {
    Picture picture = ImageDecoder.decode(ImageBytes.resource(name));

    assertThat(picture.shape()).isEqualTo(new ImageShape(3, 16, 24));
    int tolerance = name.startsWith("lossless") ? 0 : 3;
    assertColor(picture, 8, 4, tolerance, 200, 40, 20);
    assertColor(picture, 8, 20, tolerance, 20, 60, 220);
  }

  @Test
  void decode_webpWithAlpha_isCompositedOverWhite() throws Exception {
    Picture picture = ImageDecoder.decode(ImageBytes.resource("alpha.webp"));

    assertColor(picture, 3, 3, 0, 255, 255, 255);
    assertColor(picture, 3, 20, 1, 137, 157, 237);
    assertColor(picture, 12, 20, 0, 20, 60, 220);
  }

  @Test
  void decode_exifOrientation_turnsThePicture() throws Exception {
    Picture picture = ImageDecoder.decode(ImageBytes.resource("rotated.jpg"));

    assertThat(picture.shape()).isEqualTo(new ImageShape(3, 24, 16));
    assertColor(picture, 4, 8, 3, 200, 40, 20);
    assertColor(picture, 20, 8, 3, 20, 60, 220);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
  void decode_cutOffAnywhere_isRefused(String format) {
    byte[] whole = ImageBytes.encoded(format, ImageBytes.busy(20, 20));
    for (int length = 0; length < whole.length - 1; length += 1 + length / 10) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ImageDecoder.decode(cut))
          .as("%s of %d bytes cut to %d", format, whole.length, length)
          .isInstanceOf(IOException.class);
    }
    byte[] lastBytesMissing = Arrays.copyOf(whole, whole.length - 2);
    assertThatThrownBy(() -> ImageDecoder.decode(lastBytesMissing)).hasMessageContaining("cut off");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lossless.webp", "lossy.webp", "alpha.webp", "progressive.jpg", "cmyk.jpg"})
  void decode_resourceCutOffAnywhere_isRefused(String name) throws Exception {
    byte[] whole = ImageBytes.resource(name);
    for (int length = 0; length < whole.length - 1; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ImageDecoder.decode(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void decode_pngWithOneWrongByte_isRefused() {
    byte[] file = ImageBytes.png(8, 8, 0x336699);
    file[file.length / 2] ^= 1;
    assertThatThrownBy(() -> ImageDecoder.decode(file)).hasMessageContaining("checksum");
  }

  @Test
  void decode_jpegWithDamagedData_isRefusedOrThrows() {
    byte[] file = ImageBytes.encoded("jpg", ImageBytes.busy(64, 64));
    Arrays.fill(file, file.length - 900, file.length - 2, (byte) 0);
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void decode_noImage_saysSo() {
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[0])).hasMessage("the file is empty");
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[] {104, 101, 108, 108, 111}))
        .hasMessage("not a PNG, JPEG, WebP, BMP or GIF image");
  }

  private static void assertColor(Picture picture, int y, int x, int tolerance, int... rgb) {
    ImageShape shape = picture.shape();
    for (int c = 0; c < 3; c++) {
      int at = (c * shape.height() + y) * shape.width() + x;
      assertThat(Byte.toUnsignedInt(picture.bytes()[at]))
          .as("channel %d at row %d, column %d", c, y, x)
          .isCloseTo(rgb[c], within(tolerance));
    }
  }
}
