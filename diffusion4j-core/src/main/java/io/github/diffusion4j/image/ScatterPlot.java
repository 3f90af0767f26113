package io.github.diffusion4j.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * A square picture of points, x to the right and y up, with 0 in the middle; no text.
 *
 * <p>Dots are translucent, so that dense places are darker.
 *
 * @param pixels width and height of the picture
 * @param range the largest |x| and |y| that are shown; points beyond are left out
 */
public record ScatterPlot(int pixels, double range) {
  private static final double RADIUS = 1.6;
  private static final Color DOT = new Color(31, 83, 156, 110);
  private static final Color FRAME = new Color(0xBBBBBB);
  private static final Color AXIS = new Color(0xE4E4E4);

  /** A picture of 480 × 480 pixels of what lies in [−1.25, 1.25]². */
  public static final ScatterPlot DEFAULT = new ScatterPlot(480, 1.25);

  /** Refuses pictures of no size. */
  public ScatterPlot {
    if (pixels < 1 || !(range > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "plot has %d pixels and range %s; allowed: both above 0",
              pixels,
              range));
    }
  }

  /**
   * Draws points.
   *
   * @param points x, y of the first, x, y of the second, …
   */
  public BufferedImage draw(float[] points) {
    BufferedImage picture = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, pixels, pixels);
    pen.setColor(AXIS);
    pen.drawLine(0, pixels / 2, pixels, pixels / 2);
    pen.drawLine(pixels / 2, 0, pixels / 2, pixels);
    pen.setColor(FRAME);
    pen.drawRect(0, 0, pixels - 1, pixels - 1);
    pen.setColor(DOT);
    for (int i = 0; i + 1 < points.length; i += 2) {
      double x = (1 + points[i] / range) * pixels / 2;
      double y = (1 - points[i + 1] / range) * pixels / 2;
      pen.fill(new Ellipse2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS));
    }
    pen.dispose();
    return picture;
  }
}
