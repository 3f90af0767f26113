package io.github.diffusion4j.image;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * How to lay images out in rows on one white picture.
 *
 * @param columns images in a row
 * @param padding pixels between images and around them, after scaling
 * @param scale how many pixels wide and high each pixel is shown, 1 or more
 * @param rowLabels what to write to the left of each row, from the top; may be shorter than the
 *     rows or empty
 */
public record ImageGrid(int columns, int padding, int scale, List<String> rowLabels) {
  private static final int LABEL_GAP = 6;

  /** Refuses impossible numbers. */
  public ImageGrid {
    if (columns < 1 || padding < 0 || scale < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "grid has %d columns, padding %d, scale %d; allowed: from 1, 0 and 1 on",
              columns,
              padding,
              scale));
    }
    rowLabels = List.copyOf(rowLabels);
  }

  /** Returns a grid with 2 pixels between the images, not enlarged, without labels. */
  public static ImageGrid ofColumns(int columns) {
    return new ImageGrid(columns, 2, 1, List.of());
  }

  /** Returns the same grid with each pixel shown as a square of {@code scale} pixels. */
  public ImageGrid withScale(int scale) {
    return new ImageGrid(columns, padding, scale, rowLabels);
  }

  /** Returns the same grid with other gaps. */
  public ImageGrid withPadding(int padding) {
    return new ImageGrid(columns, padding, scale, rowLabels);
  }

  /** Returns the same grid with these words to the left of its rows. */
  public ImageGrid withRowLabels(List<String> rowLabels) {
    return new ImageGrid(columns, padding, scale, rowLabels);
  }

  /** Returns the images from left to right and from top to bottom; missing ones stay white. */
  public BufferedImage draw(PlanarImages images) {
    int rows = Math.max(1, (images.count() + columns - 1) / columns);
    int tileWidth = images.width() * scale + padding;
    int tileHeight = images.height() * scale + padding;
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(9, Math.min(14, tileHeight - 4)));
    int left = labelWidth(font);
    BufferedImage picture =
        new BufferedImage(
            left + columns * tileWidth + padding,
            rows * tileHeight + padding,
            BufferedImage.TYPE_INT_RGB);
    fillWhite(picture);
    for (int i = 0; i < images.count(); i++) {
      int x = left + padding + i % columns * tileWidth;
      int y = padding + i / columns * tileHeight;
      drawTile(images, i, picture, x, y);
    }
    drawLabels(picture, font, tileHeight);
    return picture;
  }

  private void drawTile(PlanarImages images, int image, BufferedImage picture, int x0, int y0) {
    for (int y = 0; y < images.height() * scale; y++) {
      for (int x = 0; x < images.width() * scale; x++) {
        picture.setRGB(x0 + x, y0 + y, images.rgb(image, y / scale, x / scale));
      }
    }
  }

  private static void fillWhite(BufferedImage picture) {
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        picture.setRGB(x, y, 0xffffff);
      }
    }
  }

  private int labelWidth(Font font) {
    if (rowLabels.isEmpty()) {
      return 0; // and no font is touched, which machines without fonts would not survive
    }
    Graphics2D pen = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    FontMetrics metrics = pen.getFontMetrics(font);
    int widest = rowLabels.stream().mapToInt(metrics::stringWidth).max().orElse(0);
    pen.dispose();
    return widest + LABEL_GAP;
  }

  private void drawLabels(BufferedImage picture, Font font, int tileHeight) {
    if (rowLabels.isEmpty()) {
      return;
    }
    Graphics2D pen = picture.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setColor(Color.BLACK);
    pen.setFont(font);
    FontMetrics metrics = pen.getFontMetrics();
    for (int row = 0; row < rowLabels.size(); row++) {
      int middle = padding + row * tileHeight + (tileHeight - padding) / 2;
      int baseline = middle + (metrics.getAscent() - metrics.getDescent()) / 2;
      pen.drawString(rowLabels.get(row), LABEL_GAP / 2, baseline);
    }
    pen.dispose();
  }
}
