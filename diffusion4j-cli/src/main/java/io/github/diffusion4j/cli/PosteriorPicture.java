package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.plot.Canvas;
import io.github.diffusion4j.cli.plot.Canvas.Align;
import io.github.diffusion4j.cli.plot.ColorMap;
import io.github.diffusion4j.cli.plot.Frame;
import io.github.diffusion4j.cli.plot.Range;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Posterior;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Steps back of several lengths from several times, and the two factors of the mean below. */
final class PosteriorPicture {
  private static final int LEFT = 76;
  private static final int TOP = 84;
  private static final int PANEL_WIDTH = 205;
  private static final int PANEL_HEIGHT = 130;
  private static final int GAP = 16;
  private static final int ROW_GAP = 46;
  private static final int FACTORS = 180;
  private static final int TEXT = 12;
  private static final double HEADROOM = 1.12;

  private static final Color IGNORANT = ColorMap.of(0.4);
  private static final Color GAUSSIAN = Canvas.INK;
  private static final Color KNOWING = new Color(0xC4441C);

  private PosteriorPicture() {}

  /** Draws a row for each time and a column for each length of step. */
  static BufferedImage draw(List<List<StepBack>> rows, NoiseSchedule schedule) {
    int columns = rows.get(0).size();
    int width = LEFT + columns * (PANEL_WIDTH + GAP);
    int chartTop = TOP + rows.size() * (PANEL_HEIGHT + ROW_GAP) + 2 * GAP;
    try (Canvas canvas = new Canvas(width, chartTop + FACTORS + ROW_GAP)) {
      legend(canvas);
      for (int row = 0; row < rows.size(); row++) {
        int top = TOP + row * (PANEL_HEIGHT + ROW_GAP);
        int t = rows.get(row).get(0).t();
        canvas.text("t = " + t, 8, top + PANEL_HEIGHT / 2.0, Align.LEFT, TEXT + 1);
        for (int column = 0; column < columns; column++) {
          panel(canvas, rows.get(row).get(column), LEFT + column * (PANEL_WIDTH + GAP), top);
        }
      }
      factors(canvas, schedule, chartTop, width - LEFT - GAP);
      return canvas.picture();
    }
  }

  private static void legend(Canvas canvas) {
    canvas.text("Where was x_t at an earlier time s?", 8, 20, Align.LEFT, TEXT + 3);
    entry(canvas, 8, 44, IGNORANT, "not knowing x_0: q(x_s | x_t)");
    entry(canvas, 230, 44, GAUSSIAN, "a Gaussian of its mean and variance, δ away");
    entry(canvas, 545, 44, KNOWING, "knowing x_0: q(x_s | x_t, x_0), always a Gaussian");
  }

  private static void entry(Canvas canvas, int x, int y, Color color, String text) {
    canvas.text("■", x, y, Align.LEFT, TEXT + 2, color);
    canvas.text(text, x + 16, y, Align.LEFT, TEXT);
  }

  private static void panel(Canvas canvas, StepBack step, int left, int top) {
    double highest =
        Math.max(
            Arrays.stream(step.ofKnowing()).max().orElse(1),
            Arrays.stream(step.ofIgnorant()).max().orElse(1));
    double[] x = step.x();
    Frame frame =
        new Frame(
            left,
            top,
            PANEL_WIDTH,
            PANEL_HEIGHT,
            new Range(x[0], x[x.length - 1]),
            new Range(0, HEADROOM * highest));
    frame.area(canvas, x, step.ofIgnorant(), IGNORANT);
    frame.line(canvas, x, step.ofGaussian(), GAUSSIAN, 1.2);
    frame.line(canvas, x, step.ofKnowing(), KNOWING, 2);
    frame.border(canvas);
    frame.xAxis(canvas, 4, "");
    String title =
        String.format(Locale.ROOT, "s = %d,  δ = %.3f", step.s(), step.distanceFromGaussian());
    canvas.text(title, left + PANEL_WIDTH / 2.0, top - 6, Align.CENTER, TEXT);
  }

  /** The factors of the mean of one step; t on a logarithmic axis, as all happens at small t. */
  private static void factors(Canvas canvas, NoiseSchedule schedule, int top, int width) {
    Posterior posterior = new Posterior(schedule);
    double[] t = IntStream.rangeClosed(1, schedule.steps()).asDoubleStream().toArray();
    double[] place = Arrays.stream(t).map(Math::log10).toArray();
    Range places = new Range(0, place[place.length - 1]);
    Frame frame = new Frame(LEFT, top, width, FACTORS, places, new Range(-0.03, 1.05));
    frame.line(canvas, place, values(t, posterior::x0Coefficient), KNOWING, 2);
    frame.line(canvas, place, values(t, posterior::xtCoefficient), GAUSSIAN, 2);
    frame.border(canvas);
    frame.yAxis(canvas, 5, "factor");
    for (int decade = 0; decade <= places.to(); decade++) {
      frame.xTick(canvas, decade, Integer.toString((int) Math.pow(10, decade)));
    }
    frame.xName(canvas, "t");
    canvas.text("The mean of q(x_s | x_t, x_0) for s = t − 1", 8, top - 34, Align.LEFT, TEXT + 3);
    entry(canvas, 8, top - 12, KNOWING, "factor of x_0");
    entry(canvas, 230, top - 12, GAUSSIAN, "factor of x_t");
  }

  private static double[] values(double[] t, IntToDoubleFunction value) {
    return Arrays.stream(t).map(at -> value.applyAsDouble((int) at)).toArray();
  }
}
