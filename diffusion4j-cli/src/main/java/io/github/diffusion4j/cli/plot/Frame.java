package io.github.diffusion4j.cli.plot;

import io.github.diffusion4j.cli.plot.Canvas.Align;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * A rectangle of a picture with coordinates of its own, x to the right and y up; what is drawn in
 * it is cut at its border.
 *
 * @param left its left border, in pixels of the picture
 * @param top its upper border
 * @param width its width in pixels
 * @param height its height
 * @param x the coordinates from left to right
 * @param y the coordinates from below to above
 */
public record Frame(int left, int top, int width, int height, Range x, Range y) {
  private static final int LABEL = 11;
  private static final int TICK = 4;
  private static final Color BORDER = new Color(0x8A8A8A);

  /** Returns where the coordinate {@code value} is, in pixels from the left of the picture. */
  double toX(double value) {
    return left + x.share(value) * width;
  }

  /** Returns where the coordinate {@code value} is, in pixels from the top of the picture. */
  double toY(double value) {
    return top + (1 - y.share(value)) * height;
  }

  /** Draws the border. */
  public void border(Canvas canvas) {
    canvas.pen(BORDER, 1).draw(new Rectangle2D.Double(left, top, width, height));
  }

  /** Writes about {@code count} round numbers below, and what they are. */
  public void xAxis(Canvas canvas, int count, String name) {
    for (double tick : x.ticks(count)) {
      xTick(canvas, tick, plain(tick));
    }
    xName(canvas, name);
  }

  /** Marks one place below and writes what it is. */
  public void xTick(Canvas canvas, double at, String label) {
    double bottom = top + height;
    canvas.pen(BORDER, 1).draw(new Line2D.Double(toX(at), bottom, toX(at), bottom + TICK));
    canvas.text(label, toX(at), bottom + TICK + LABEL + 1, Align.CENTER, LABEL);
  }

  /** Writes below what x is. */
  public void xName(Canvas canvas, String name) {
    double baseline = top + height + TICK + 2.5 * LABEL + 1;
    canvas.text(name, left + width / 2.0, baseline, Align.CENTER, LABEL + 1);
  }

  /** Writes about {@code count} round numbers to the left, and what they are. */
  public void yAxis(Canvas canvas, int count, String name) {
    for (double tick : y.ticks(count)) {
      double at = toY(tick);
      canvas.pen(BORDER, 1).draw(new Line2D.Double(left - TICK, at, left, at));
      canvas.text(plain(tick), left - TICK - 3, at + 0.37 * LABEL, Align.RIGHT, LABEL);
    }
    canvas.textUpwards(name, left - 4 * LABEL, top + height / 2.0, LABEL + 1);
  }

  /** Colors the frame by numbers in [0, 1] at places of equal distance, {@code [column][row]}. */
  public void heatMap(Canvas canvas, double[][] shares) {
    BufferedImage colors = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int px = 0; px < width; px++) {
      double[] column = shares[Math.min(shares.length - 1, px * shares.length / width)];
      for (int py = 0; py < height; py++) {
        int row = (height - 1 - py) * column.length / height;
        colors.setRGB(px, py, ColorMap.rgb(column[row]));
      }
    }
    canvas.image(colors, left, top);
  }

  /** Draws a line through points. */
  public void line(Canvas canvas, double[] xs, double[] ys, Color color, double width) {
    draw(canvas, path(xs, ys), color, width);
  }

  private Path2D path(double[] xs, double[] ys) {
    Path2D path = new Path2D.Double();
    path.moveTo(toX(xs[0]), toY(ys[0]));
    for (int i = 1; i < xs.length; i++) {
      path.lineTo(toX(xs[i]), toY(ys[i]));
    }
    return path;
  }

  /** Fills what is between a line through points and y = 0. */
  public void area(Canvas canvas, double[] xs, double[] ys, Color color) {
    int count = xs.length;
    double[] x = Arrays.copyOf(xs, count + 2);
    double[] y = Arrays.copyOf(ys, count + 2); // ends with two zeros
    x[count] = xs[count - 1];
    x[count + 1] = xs[0];
    polygon(canvas, x, y, color);
  }

  /** Fills what lies inside a closed line through points. */
  public void polygon(Canvas canvas, double[] xs, double[] ys, Color color) {
    Path2D path = path(xs, ys);
    path.closePath();
    inside(
        canvas,
        pen -> {
          pen.setColor(color);
          pen.fill(path);
        });
  }

  /** Draws dots at points. */
  public void dots(Canvas canvas, double[] xs, double[] ys, Color color, double radius) {
    inside(
        canvas,
        pen -> {
          pen.setColor(color);
          for (int i = 0; i < xs.length; i++) {
            pen.fill(
                new Ellipse2D.Double(
                    toX(xs[i]) - radius, toY(ys[i]) - radius, 2 * radius, 2 * radius));
          }
        });
  }

  /** Draws an arrow from a point, {@code dx} and {@code dy} long in this frame's coordinates. */
  public void arrow(Canvas canvas, double x0, double y0, double dx, double dy, Color color) {
    double fromX = toX(x0);
    double fromY = toY(y0);
    Shape arrow = Arrow.of(fromX, fromY, toX(x0 + dx) - fromX, toY(y0 + dy) - fromY);
    draw(canvas, arrow, color, 1);
  }

  private void draw(Canvas canvas, Shape shape, Color color, double width) {
    inside(canvas, pen -> canvas.pen(color, width).draw(shape));
  }

  private interface Strokes {
    void draw(Graphics2D pen);
  }

  private void inside(Canvas canvas, Strokes strokes) {
    Graphics2D pen = canvas.pen();
    Shape before = pen.getClip();
    pen.clip(new Rectangle2D.Double(left, top, width, height));
    strokes.draw(pen);
    pen.setClip(before);
  }

  private static String plain(double tick) {
    return new BigDecimal(tick, new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
