package io.github.diffusion4j.cli;

import io.github.diffusion4j.Run;
import io.github.diffusion4j.cli.ForwardStages.Stage;
import io.github.diffusion4j.cli.plot.Canvas;
import io.github.diffusion4j.cli.plot.Canvas.Align;
import io.github.diffusion4j.cli.plot.ColorMap;
import io.github.diffusion4j.cli.plot.Frame;
import io.github.diffusion4j.cli.plot.Range;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.torch.Tensor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Images dissolving into noise: a column for each time, with the histogram of its pixels below. */
final class ForwardPicture {
  private static final int LEAST_TILE = 84;
  private static final int GAP = 4;
  private static final int HISTOGRAM = 70;
  private static final int TEXT = 12;
  private static final int LINE = 15;
  private static final int MARGIN = 8;

  /** Densities above are cut off: at t = 0 most pixels may be black. */
  private static final Range DENSITIES = new Range(0, 0.9);

  private static final Color BARS = ColorMap.of(0.45);
  private static final Color NORMAL = new Color(0xC4441C);

  private final ForwardStages stages;
  private final int tile;

  private ForwardPicture(ForwardStages stages, int tile) {
    this.stages = stages;
    this.tile = tile;
  }

  /** Draws the stages; all images are at the same place of their row. */
  static BufferedImage draw(ForwardStages stages) {
    long width = stages.stages().get(0).xt().size(3);
    int scale = (int) Math.max(1, Math.ceil((double) LEAST_TILE / width));
    return new ForwardPicture(stages, (int) width * scale).draw(scale);
  }

  private BufferedImage draw(int scale) {
    BufferedImage images = images(scale);
    int top = MARGIN + images.getHeight() + MARGIN;
    int height = top + HISTOGRAM + 5 * LINE + 2 * MARGIN;
    try (Canvas canvas = new Canvas(images.getWidth() + 2 * MARGIN, height)) {
      canvas.image(images, MARGIN, MARGIN);
      for (int column = 0; column < stages.stages().size(); column++) {
        int left = MARGIN + GAP + column * (tile + GAP);
        Stage stage = stages.stages().get(column);
        histogram(canvas, stage, left, top);
        numbers(canvas, stage, left + tile / 2.0, top + HISTOGRAM + LINE);
      }
      canvas.text(
          "areas: how the pixels of a column are spread; line: the standard normal density",
          MARGIN + GAP,
          height - MARGIN,
          Align.LEFT,
          TEXT - 1,
          Canvas.FAINT);
      return canvas.picture();
    }
  }

  private BufferedImage images(int scale) {
    List<Tensor> columns = stages.stages().stream().map(Stage::xt).toList();
    List<Tensor> tiles = new ArrayList<>();
    for (int image = 0; image < columns.get(0).size(0); image++) {
      for (Tensor column : columns) {
        tiles.add(column.narrow(0, image, 1));
      }
    }
    return ImageGrid.ofColumns(columns.size())
        .withPadding(GAP)
        .withScale(scale)
        .draw(Run.planar(Tensor.cat(tiles, 0)));
  }

  private void histogram(Canvas canvas, Stage stage, int left, int top) {
    Histogram histogram = stage.histogram();
    Frame frame = new Frame(left, top, tile, HISTOGRAM, histogram.range(), DENSITIES);
    double[][] outline = histogram.outline();
    frame.area(canvas, outline[0], outline[1], BARS);
    double[] x = histogram.range().grid(tile);
    frame.line(canvas, x, standardNormal(x), NORMAL, 1.4);
    frame.border(canvas);
  }

  private static double[] standardNormal(double[] x) {
    return GaussianMixture.of(Component.of(1, 1, 0))
        .logDensity(Tensor.of(x, x.length, 1))
        .exp()
        .toDoubles();
  }

  private static void numbers(Canvas canvas, Stage stage, double center, int baseline) {
    canvas.text("t = " + stage.t(), center, baseline, Align.CENTER, TEXT);
    String[] lines = {
      text("ᾱ = %.3g", stage.alphaBar()),
      stage.t() == 0 ? "SNR ∞" : text("SNR %.3g", stage.snr()),
      stage.t() == 0 ? "" : text("%.1f dB", stage.decibels())
    };
    for (int i = 0; i < lines.length; i++) {
      canvas.text(lines[i], center, baseline + (i + 1) * LINE, Align.CENTER, TEXT - 1);
    }
  }

  private static String text(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }
}
