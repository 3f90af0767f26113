package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.bench.CostCurve.Point;
import io.github.diffusion4j.cli.plot.Canvas;
import io.github.diffusion4j.cli.plot.Canvas.Align;
import io.github.diffusion4j.cli.plot.ColorMap;
import io.github.diffusion4j.cli.plot.Frame;
import io.github.diffusion4j.cli.plot.Range;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A panel for each thing that grows: operations per second, with images per second written beside
 * each point. Where the line falls steeply, an image costs more than its operations.
 */
final class CostPicture {
  private static final int LEFT = 70;
  private static final int TOP = 50;
  private static final int WIDTH = 440;
  private static final int HEIGHT = 220;
  private static final int GAP = 80;
  private static final double HEADROOM = 1.15;
  private static final Color TRAINING = ColorMap.of(0.9);
  private static final Color FORWARD = ColorMap.of(0.45);

  private final Canvas canvas;

  private CostPicture(Canvas canvas) {
    this.canvas = canvas;
  }

  static BufferedImage draw(List<CostCurve> curves) {
    int rows = (curves.size() + 1) / 2;
    int width = 2 * (LEFT + WIDTH) + LEFT;
    try (Canvas canvas = new Canvas(width, TOP + rows * (HEIGHT + GAP))) {
      canvas.text("training, images/s at the points", LEFT, 20, Align.LEFT, 13, TRAINING);
      canvas.text("forward passes", LEFT + WIDTH, 20, Align.RIGHT, 13, FORWARD);
      for (int i = 0; i < curves.size(); i++) {
        new CostPicture(canvas).panel(curves.get(i), i % 2, i / 2);
      }
      return canvas.picture();
    }
  }

  private void panel(CostCurve curve, int column, int row) {
    List<Point> points = curve.points();
    double highest =
        points.stream()
            .mapToDouble(p -> Math.max(p.trainingRate(), p.forwardRate()))
            .max()
            .orElse(1);
    Frame frame =
        new Frame(
            LEFT + column * (WIDTH + LEFT),
            TOP + row * (HEIGHT + GAP),
            WIDTH,
            HEIGHT,
            new Range(-0.5, points.size() - 0.5),
            new Range(0, HEADROOM * highest));
    frame.border(canvas);
    frame.yAxis(canvas, 5, "GFLOP/s");
    frame.xName(canvas, curve.axis());
    for (int i = 0; i < points.size(); i++) {
      frame.xTick(canvas, i, Integer.toString(points.get(i).value()));
    }
    line(frame, points, Point::trainingRate, Point::training, TRAINING);
    line(frame, points, Point::forwardRate, Point::forward, FORWARD);
  }

  private void line(
      Frame frame,
      List<Point> points,
      ToDoubleFunction<Point> rate,
      ToDoubleFunction<Point> images,
      Color color) {
    double[] xs = IntStream.range(0, points.size()).asDoubleStream().toArray();
    double[] ys = points.stream().mapToDouble(rate).toArray();
    frame.line(canvas, xs, ys, color, 2);
    frame.dots(canvas, xs, ys, color, 3.5);
    for (int i = 0; i < xs.length; i++) {
      String label = Long.toString(Math.round(images.applyAsDouble(points.get(i))));
      double x = frame.left() + frame.x().share(xs[i]) * frame.width();
      double y = frame.top() + (1 - frame.y().share(ys[i])) * frame.height();
      canvas.text(label, x, y - 7, Align.CENTER, 11, color);
    }
  }
}
