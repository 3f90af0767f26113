package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.Charts.Curve;
import io.github.diffusion4j.cli.Charts.Scale;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Small charts side by side, one for each curve, over the same axes. */
final class ChartGrid {
  private static final int COLUMNS = 3;
  private static final int WIDTH = 300;
  private static final int HEIGHT = 200;
  private static final int TITLE = 36;
  private static final int TEXT = 12;
  private static final int LABELS = 5;
  private static final Color LINE = new Color(0x1F5FA8);
  private static final Color OTHERS = new Color(0xDDDDDD);

  private ChartGrid() {}

  /** Returns the charts with the name of its curve above each; the others are gray behind it. */
  static BufferedImage draw(String title, Scale scale, List<Curve> curves) {
    int rows = (curves.size() + COLUMNS - 1) / COLUMNS;
    BufferedImage picture =
        new BufferedImage(COLUMNS * WIDTH, TITLE + rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    int titleWidth = graphics.getFontMetrics().stringWidth(title);
    graphics.drawString(title, (picture.getWidth() - titleWidth) / 2, TITLE - 12);
    for (int i = 0; i < curves.size(); i++) {
      graphics.translate(i % COLUMNS * WIDTH, TITLE + i / COLUMNS * HEIGHT);
      chart(scale, curves, i).paint(graphics, WIDTH, HEIGHT);
      graphics.translate(-(i % COLUMNS * WIDTH), -(TITLE + i / COLUMNS * HEIGHT));
    }
    graphics.dispose();
    return picture;
  }

  private static XYChart chart(Scale scale, List<Curve> curves, int shown) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).title(curves.get(shown).name()).build();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, TEXT);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartTitleFont(font.deriveFont(Font.BOLD));
    chart.getStyler().setChartTitleBoxVisible(false);
    chart.getStyler().setAxisTickLabelsFont(font);
    chart.getStyler().setAxisTitlesVisible(false);
    chart.getStyler().setPlotGridLinesVisible(false);
    chart.getStyler().setXAxisMaxLabelCount(LABELS);
    chart.getStyler().setYAxisLogarithmic(scale == Scale.LOGARITHMIC);
    chart.getStyler().setYAxisMin(edge(curves, values -> values.min().orElse(0)));
    chart.getStyler().setYAxisMax(edge(curves, values -> values.max().orElse(1)));
    for (int i = 0; i < curves.size(); i++) {
      if (i != shown) {
        add(chart, curves.get(i), OTHERS, 1);
      }
    }
    add(chart, curves.get(shown), LINE, 2);
    return chart;
  }

  private static void add(XYChart chart, Curve curve, Color color, float width) {
    chart
        .addSeries(curve.name(), curve.x(), curve.y())
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(color)
        .setLineStyle(new BasicStroke(width));
  }

  private static double edge(List<Curve> curves, Function<DoubleStream, Double> of) {
    return of.apply(curves.stream().flatMapToDouble(curve -> DoubleStream.of(curve.y())));
  }
}
