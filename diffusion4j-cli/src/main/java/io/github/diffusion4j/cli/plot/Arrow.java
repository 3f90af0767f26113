package io.github.diffusion4j.cli.plot;

import java.awt.Shape;
import java.awt.geom.Path2D;

/** The shape of an arrow, in pixels. */
final class Arrow {
  private static final double HEAD = 0.4;
  private static final double LONGEST_HEAD = 4;
  private static final double SPREAD = 0.5;

  private Arrow() {}

  /** A shaft from (x, y) to (x + dx, y + dy) with two barbs. */
  static Shape of(double x, double y, double dx, double dy) {
    double length = Math.hypot(dx, dy);
    Path2D arrow = new Path2D.Double();
    arrow.moveTo(x, y);
    arrow.lineTo(x + dx, y + dy);
    if (length > 0) {
      double head = Math.min(HEAD * length, LONGEST_HEAD) / length;
      for (int side = -1; side <= 1; side += 2) {
        arrow.moveTo(x + dx, y + dy);
        arrow.lineTo(
            x + dx - head * (dx + side * SPREAD * dy), y + dy - head * (dy - side * SPREAD * dx));
      }
    }
    return arrow;
  }
}
