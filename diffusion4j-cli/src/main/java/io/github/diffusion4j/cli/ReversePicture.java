package io.github.diffusion4j.cli;

import io.github.diffusion4j.Run;
import io.github.diffusion4j.cli.ReverseStages.Row;
import io.github.diffusion4j.cli.ReverseStages.Stage;
import io.github.diffusion4j.cli.plot.Canvas;
import io.github.diffusion4j.cli.plot.Canvas.Align;
import io.github.diffusion4j.cli.plot.ColorMap;
import io.github.diffusion4j.cli.plot.Frame;
import io.github.diffusion4j.cli.plot.Range;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Noise becoming images: for each sample a row of xₜ and below it a row of what the network takes
 * x₀ to be, and below all the numbers of all steps.
 */
final class ReversePicture {
  private static final int LEAST_TILE = 56;
  private static final int GAP = 2;
  private static final int LEFT = 66;
  private static final int TOP = 22;
  private static final int CHART = 96;
  private static final int CHART_GAP = 46;
  private static final int TEXT = 12;
  private static final Color OF_XT = ColorMap.of(0.55);
  private static final Color OF_X0 = new Color(0xC4441C);

  private final ReverseStages stages;
  private final int scale;
  private final int tile;

  private ReversePicture(ReverseStages stages, int scale, int tile) {
    this.stages = stages;
    this.scale = scale;
    this.tile = tile;
  }

  static BufferedImage draw(ReverseStages stages) {
    int width = (int) stages.stages().get(0).xt().size(3);
    int scale = (int) Math.max(1, Math.ceil((double) LEAST_TILE / width));
    return new ReversePicture(stages, scale, width * scale + GAP).draw();
  }

  private BufferedImage draw() {
    BufferedImage images = images();
    int width = Math.max(images.getWidth(), 8 * LEAST_TILE);
    int chartTop = TOP + images.getHeight() + CHART_GAP - 16;
    int height = chartTop + 2 * (CHART + CHART_GAP);
    try (Canvas canvas = new Canvas(LEFT + width + 12, height)) {
      canvas.image(images, LEFT, TOP);
      headings(canvas);
      labels(canvas, images.getHeight());
      charts(canvas, chartTop, width);
      return canvas.picture();
    }
  }

  private BufferedImage images() {
    try (Scope scope = Scope.open()) {
      List<Tensor> tiles = new ArrayList<>();
      for (int sample = 0; sample < stages.stages().get(0).xt().size(0); sample++) {
        for (Stage stage : stages.stages()) {
          tiles.add(stage.xt().narrow(0, sample, 1));
        }
        for (Stage stage : stages.stages()) {
          tiles.add(stage.x0Hat().narrow(0, sample, 1));
        }
      }
      return ImageGrid.ofColumns(stages.stages().size())
          .withPadding(GAP)
          .withScale(scale)
          .draw(Run.planar(Tensor.cat(tiles, 0)));
    }
  }

  private void headings(Canvas canvas) {
    for (int column = 0; column < stages.stages().size(); column++) {
      double middle = LEFT + GAP / 2.0 + (column + 0.5) * tile;
      String t = String.format(Locale.ROOT, "t = %.0f", stages.stages().get(column).t());
      canvas.text(t, middle, TOP - 6, Align.CENTER, TEXT - 1);
    }
  }

  private void labels(Canvas canvas, int height) {
    int rows = 2 * (int) stages.stages().get(0).xt().size(0);
    for (int row = 0; row < rows; row++) {
      String label = row % 2 == 0 ? "x_t" : "x_0 est.";
      double middle = TOP + (row + 0.5) * height / rows + 4;
      canvas.text(label, LEFT - 6, middle, Align.RIGHT, TEXT);
    }
  }

  private void charts(Canvas canvas, int top, int width) {
    List<Row> rows = stages.rows();
    double[] variance = values(rows, Row::variance);
    double[] x0Variance = values(rows, Row::x0Variance);
    Frame frame = frame(top, width, Math.max(max(variance), max(x0Variance)));
    canvas.text("variance of the pixels", LEFT, top - 6, Align.LEFT, TEXT);
    canvas.text("■ of x_t", LEFT + 160, top - 6, Align.LEFT, TEXT, OF_XT);
    canvas.text("■ of the estimate of x_0", LEFT + 230, top - 6, Align.LEFT, TEXT, OF_X0);
    frame.line(canvas, values(rows, Row::number), variance, OF_XT, 2);
    frame.line(canvas, values(rows, Row::number), x0Variance, OF_X0, 2);
    finish(canvas, frame, "");

    List<Row> changed = rows.stream().filter(row -> row.change().isPresent()).toList();
    if (changed.isEmpty()) {
      return; // there was only one step
    }
    double[] change = values(changed, row -> row.change().orElseThrow());
    int second = top + CHART + CHART_GAP;
    Frame below = frame(second, width, max(change));
    canvas.text("mean change of the estimate of x_0", LEFT, second - 6, Align.LEFT, TEXT);
    below.line(canvas, values(changed, Row::number), change, OF_X0, 2);
    finish(canvas, below, "step");
  }

  private Frame frame(int top, int width, double highest) {
    Range steps = new Range(1, Math.max(2, stages.rows().size()));
    return new Frame(LEFT, top, width, CHART, steps, new Range(0, Math.max(1e-9, 1.1 * highest)));
  }

  private static void finish(Canvas canvas, Frame frame, String name) {
    frame.border(canvas);
    frame.xAxis(canvas, 10, name);
    frame.yAxis(canvas, 3, "");
  }

  private static double[] values(List<Row> rows, ToDoubleFunction<Row> value) {
    return rows.stream().mapToDouble(value).toArray();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(1);
  }
}
