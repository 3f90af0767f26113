package io.github.diffusion4j.cli.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** A white picture and the pen to draw on it. */
public final class Canvas implements AutoCloseable {
  /** The color of text and axes. */
  public static final Color INK = new Color(0x2B2B2B);

  /** The color of what should not be noticed first. */
  public static final Color FAINT = new Color(0x9A9A9A);

  private final BufferedImage picture;
  private final Graphics2D pen;

  /** Where a text is put with respect to the given point. */
  public enum Align {
    /** The text begins there. */
    LEFT,
    /** The text has its middle there. */
    CENTER,
    /** The text ends there. */
    RIGHT
  }

  /** A white picture of that many pixels. */
  public Canvas(int width, int height) {
    picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    pen = picture.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
  }

  /** Returns the pen, for shapes. */
  Graphics2D pen() {
    return pen;
  }

  /** Takes a color and a width of lines, in pixels. */
  Graphics2D pen(Color color, double width) {
    pen.setColor(color);
    pen.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    return pen;
  }

  /** Puts another picture on this one, its upper left corner at ({@code left}, {@code top}). */
  public void image(BufferedImage other, int left, int top) {
    pen.drawImage(other, left, top, null);
  }

  /** Writes a line of text with its baseline at {@code y}. */
  public void text(String text, double x, double y, Align align, int size) {
    text(text, x, y, align, size, INK);
  }

  /** Writes a line of text in a color of its own. */
  public void text(String text, double x, double y, Align align, int size, Color color) {
    pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
    pen.setColor(color);
    FontMetrics metrics = pen.getFontMetrics();
    double width = metrics.stringWidth(text);
    double left =
        switch (align) {
          case LEFT -> x;
          case CENTER -> x - width / 2;
          case RIGHT -> x - width;
        };
    pen.drawString(text, (float) left, (float) y);
  }

  /** Writes a line of text upwards, its middle at ({@code x}, {@code y}). */
  void textUpwards(String text, double x, double y, int size) {
    pen.rotate(-Math.PI / 2, x, y);
    text(text, x, y, Align.CENTER, size);
    pen.rotate(Math.PI / 2, x, y);
  }

  /** Returns the picture. */
  public BufferedImage picture() {
    return picture;
  }

  /** Puts the pen down. */
  @Override
  public void close() {
    pen.dispose();
  }
}
