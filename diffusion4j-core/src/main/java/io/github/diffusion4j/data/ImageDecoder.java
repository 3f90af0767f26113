package io.github.diffusion4j.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Turns the bytes of an image file into a {@link Picture}, or says why they are none. */
final class ImageDecoder {
  private static final long MAX_PIXELS = 1L << 27; // a larger claim is more likely an attack

  private ImageDecoder() {}

  /**
   * Decodes the first picture of a file. Alpha is composited over white; samples of 16 bits are
   * reduced to 8; a photograph is turned as its camera was held.
   *
   * @throws IOException if the bytes are not a complete, sound image; the message does not name the
   *     file
   */
  static Picture decode(byte[] file) throws IOException {
    if (file.length == 0) {
      throw new IOException("the file is empty");
    }
    ImageFormat format =
        ImageFormat.of(file)
            .orElseThrow(() -> new IOException("not a PNG, JPEG, WebP, BMP or GIF image"));
    format.checkComplete(file);
    try {
      Picture picture = picture(decode(format, file));
      return format == ImageFormat.JPEG ? ExifOrientation.of(file).upright(picture) : picture;
    } catch (RuntimeException e) { // decoders meet nonsense with all kinds of these
      throw new IOException("the " + format + " file is damaged: " + e, e);
    }
  }

  private static BufferedImage decode(ImageFormat format, byte[] file) throws IOException {
    Iterator<ImageReader> readers =
        ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT));
    if (!readers.hasNext()) {
      throw new IOException("no reader for " + format + " is on the class path");
    }
    ImageReader reader = readers.next();
    List<String> damage = new ArrayList<>();
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          if (warning.contains("Corrupt JPEG data") || warning.contains("Premature end")) {
            damage.add(warning);
          }
        });
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels > MAX_PIXELS) {
        throw new IOException(
            String.format(
                Locale.ROOT, "the image has %d pixels; allowed: up to %d", pixels, MAX_PIXELS));
      }
      BufferedImage image = reader.read(0);
      if (!damage.isEmpty()) {
        throw new IOException("the " + format + " file is damaged: " + damage.get(0));
      }
      return image;
    } finally {
      reader.dispose();
    }
  }

  /**
   * Takes the samples as they are stored where they are gray or RGB. {@link BufferedImage#getRGB}
   * would take gray for linear light and brighten it.
   */
  private static Picture picture(BufferedImage image) {
    ColorModel model = image.getColorModel();
    int kind = model.getColorSpace().getType();
    boolean plain =
        model instanceof ComponentColorModel
            && !model.isAlphaPremultiplied()
            && (model.getTransferType() == DataBuffer.TYPE_BYTE
                || model.getTransferType() == DataBuffer.TYPE_USHORT);
    if (plain && (kind == ColorSpace.TYPE_GRAY || kind == ColorSpace.TYPE_RGB)) {
      return fromSamples(image.getRaster(), model);
    }
    return fromArgb(image);
  }

  private static Picture fromSamples(Raster raster, ColorModel model) {
    int channels = model.getNumColorComponents();
    int width = raster.getWidth();
    ImageShape shape = new ImageShape(channels, raster.getHeight(), width);
    int plane = shape.height() * width;
    int bands = raster.getNumBands();
    byte[] bytes = new byte[shape.pixels()];
    int[] row = new int[width * bands];
    for (int y = 0; y < shape.height(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int at = x * bands;
        int alpha = model.hasAlpha() ? to8Bits(row[at + channels], model, channels) : 255;
        for (int c = 0; c < channels; c++) {
          int value = to8Bits(row[at + c], model, c);
          bytes[c * plane + y * width + x] = overWhite(value, alpha);
        }
      }
    }
    return new Picture(shape, bytes);
  }

  private static Picture fromArgb(BufferedImage image) {
    ImageShape shape = new ImageShape(3, image.getHeight(), image.getWidth());
    int plane = shape.height() * shape.width();
    int[] argb =
        image.getRGB(0, 0, shape.width(), shape.height(), new int[plane], 0, shape.width());
    byte[] bytes = new byte[shape.pixels()];
    for (int p = 0; p < plane; p++) {
      int alpha = argb[p] >>> 24;
      bytes[p] = overWhite(argb[p] >> 16 & 0xff, alpha);
      bytes[plane + p] = overWhite(argb[p] >> 8 & 0xff, alpha);
      bytes[2 * plane + p] = overWhite(argb[p] & 0xff, alpha);
    }
    return new Picture(shape, bytes);
  }

  private static int to8Bits(int sample, ColorModel model, int band) {
    int max = (1 << model.getComponentSize(band)) - 1;
    return (sample * 255 + max / 2) / max;
  }

  private static byte overWhite(int value, int alpha) {
    return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
