package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.plot.Canvas;
import io.github.diffusion4j.cli.plot.Canvas.Align;
import io.github.diffusion4j.cli.plot.ColorMap;
import io.github.diffusion4j.cli.plot.Frame;
import io.github.diffusion4j.cli.plot.Range;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/** The density from data to noise as a heat map, three times, with the paths of three kinds. */
final class LineFlowPicture {
  private static final int SIDE = 64;
  private static final int LEFT = 60;
  private static final int MAP_WIDTH = 724;
  private static final int MAP_HEIGHT = 210;
  private static final int TOP = 34;
  private static final int GAP = 52;
  private static final int SPACE = 6;
  private static final Color PATH = new Color(196, 50, 10, 190);
  private static final Color SHORE = ColorMap.of(0.45);

  private final LineFlow density;
  private final double steps;

  private LineFlowPicture(LineFlow density, double steps) {
    this.density = density;
    this.steps = steps;
  }

  static BufferedImage draw(Flow flow, LineFlow density) {
    int width = LEFT + 2 * (SIDE + SPACE) + MAP_WIDTH + 2 * SPACE;
    try (Canvas canvas = new Canvas(width, TOP + 3 * (MAP_HEIGHT + GAP))) {
      LineFlowPicture picture = new LineFlowPicture(density, flow.schedule().steps());
      picture.panel(canvas, 0, "data becoming noise: the forward process  →", flow.forward());
      picture.panel(
          canvas,
          1,
          "←  noise becoming data: ancestral sampling, the reverse SDE",
          flow.ancestral());
      picture.panel(
          canvas, 2, "←  noise becoming data: the probability-flow ODE (DDIM, η = 0)", flow.ode());
      return canvas.picture();
    }
  }

  private void panel(Canvas canvas, int number, String title, Trajectories paths) {
    int top = TOP + number * (MAP_HEIGHT + GAP);
    int left = LEFT + SIDE + SPACE;
    Frame map = new Frame(left, top, MAP_WIDTH, MAP_HEIGHT, new Range(0, steps), LineFlow.PLACES);
    map.heatMap(canvas, density.shares());
    for (int point = 0; point < paths.count(); point++) {
      map.line(canvas, paths.times(), paths.series(point, 0), PATH, 1);
    }
    map.border(canvas);
    map.xAxis(canvas, 10, number == 2 ? "t" : "");
    canvas.text(title, left, top - 8, Align.LEFT, 13);
    double[] first = density.density()[0];
    double[] last = density.density()[density.density().length - 1];
    double highest = Math.max(max(first), max(last));
    Frame data = new Frame(LEFT, top, SIDE, MAP_HEIGHT, new Range(-highest, 0), LineFlow.PLACES);
    sideways(canvas, data, Arrays.stream(first).map(q -> -q).toArray());
    data.yAxis(canvas, 6, "x");
    int right = left + MAP_WIDTH + SPACE;
    sideways(
        canvas,
        new Frame(right, top, SIDE, MAP_HEIGHT, new Range(0, highest), LineFlow.PLACES),
        last);
  }

  private void sideways(Canvas canvas, Frame frame, double[] density) {
    frame.polygon(canvas, density, this.density.x(), SHORE);
    frame.border(canvas);
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(1);
  }
}
