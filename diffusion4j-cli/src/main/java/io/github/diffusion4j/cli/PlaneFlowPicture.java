package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.PlaneFlow.Panel;
import io.github.diffusion4j.cli.plot.Canvas;
import io.github.diffusion4j.cli.plot.Canvas.Align;
import io.github.diffusion4j.cli.plot.Frame;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/** A column for each time: density with score, and how far the paths of three kinds have come. */
final class PlaneFlowPicture {
  private static final int SIDE = 176;
  private static final int GAP = 8;
  private static final int LEFT = 112;
  private static final int TOP = 30;
  private static final int TEXT = 12;

  /** Paths with noise in them are tangled, and few can be told apart. */
  private static final int NOISY_TRAILS = 3;

  private static final int SMOOTH_TRAILS = 40;
  private static final Color ARROW = new Color(0xE8590C);
  private static final Color TRAIL = new Color(31, 83, 156, 150);
  private static final Color HEAD = new Color(0xC4320A);
  private static final Color CROSS = new Color(0xE8E8E8);

  private PlaneFlowPicture() {}

  static BufferedImage draw(Flow flow, PlaneFlow plane) {
    List<Panel> panels = plane.panels();
    int width = LEFT + panels.size() * (SIDE + GAP);
    try (Canvas canvas = new Canvas(width, TOP + 4 * (SIDE + GAP) + GAP)) {
      label(canvas, 0, "density,", "and score", "(arrows)");
      label(canvas, 1, "forward", "process", "→");
      label(canvas, 2, "ancestral", "sampling", "←");
      label(canvas, 3, "probability-", "flow ODE", "←");
      for (int column = 0; column < panels.size(); column++) {
        Panel panel = panels.get(column);
        double t = panel.t();
        String title = "t = " + panel.t();
        canvas.text(title, frame(column, 0).left() + SIDE / 2.0, TOP - 9, Align.CENTER, TEXT + 1);
        field(canvas, frame(column, 0), panel);
        trails(canvas, frame(column, 1), flow.forward().until(t), NOISY_TRAILS);
        trails(canvas, frame(column, 2), flow.ancestral().until(t), NOISY_TRAILS);
        trails(canvas, frame(column, 3), flow.ode().until(t), SMOOTH_TRAILS);
      }
      return canvas.picture();
    }
  }

  private static Frame frame(int column, int row) {
    return new Frame(
        LEFT + column * (SIDE + GAP),
        TOP + row * (SIDE + GAP),
        SIDE,
        SIDE,
        PlaneFlow.PLACES,
        PlaneFlow.PLACES);
  }

  private static void label(Canvas canvas, int row, String... lines) {
    double y = TOP + row * (SIDE + GAP) + SIDE / 2.0 - 8;
    for (String line : lines) {
      canvas.text(line, 8, y, Align.LEFT, TEXT + 1);
      y += 18;
    }
  }

  /** Arrows have the score's direction; their lengths grow like the root of the score's. */
  private static void field(Canvas canvas, Frame frame, Panel panel) {
    frame.heatMap(canvas, panel.shares());
    double[] score = panel.score();
    double longest =
        IntStream.range(0, score.length / 2)
            .mapToDouble(i -> Math.hypot(score[2 * i], score[2 * i + 1]))
            .max()
            .orElse(1);
    double cell = (PlaneFlow.PLACES.to() - PlaneFlow.PLACES.from()) / Math.sqrt(score.length / 2.0);
    for (int i = 0; i < score.length; i += 2) {
      double length = Math.hypot(score[i], score[i + 1]);
      double factor = 1.1 * cell / Math.sqrt(length * longest);
      frame.arrow(
          canvas,
          panel.places()[i],
          panel.places()[i + 1],
          factor * score[i],
          factor * score[i + 1],
          ARROW);
    }
    frame.border(canvas);
  }

  private static void trails(Canvas canvas, Frame frame, Trajectories paths, int shown) {
    double[] ends = {PlaneFlow.PLACES.from(), PlaneFlow.PLACES.to()};
    frame.line(canvas, ends, new double[2], CROSS, 1);
    frame.line(canvas, new double[2], ends, CROSS, 1);
    int last = paths.times().length - 1;
    double[] x = new double[paths.count()];
    double[] y = new double[paths.count()];
    for (int point = 0; point < paths.count(); point++) {
      double[] xs = paths.series(point, 0);
      double[] ys = paths.series(point, 1);
      if (point < shown) {
        frame.line(canvas, xs, ys, TRAIL, 1);
      }
      x[point] = xs[last];
      y[point] = ys[last];
    }
    frame.dots(canvas, x, y, HEAD, 1.8);
    frame.border(canvas);
  }
}
