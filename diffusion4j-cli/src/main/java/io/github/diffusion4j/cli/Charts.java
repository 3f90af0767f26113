package io.github.diffusion4j.cli;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Line charts as pictures. */
final class Charts {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final int LABELS = 11;

  private Charts() {}

  /** One line of a chart. */
  record Curve(String name, double[] x, double[] y) {}

  /** How the numbers of the vertical axis are spaced. */
  enum Scale {
    LINEAR,
    LOGARITHMIC
  }

  static BufferedImage lines(String title, String xName, Scale scale, List<Curve> curves) {
    return BitmapEncoder.getBufferedImage(chart(title, xName, scale, curves));
  }

  /** The same on a linear scale from 0 to {@code top}, which may cut off peaks. */
  static BufferedImage linesUpTo(double top, String title, String xName, List<Curve> curves) {
    XYChart chart = chart(title, xName, Scale.LINEAR, curves);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(top);
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static XYChart chart(String title, String xName, Scale scale, List<Curve> curves) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(xName).build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setYAxisLogarithmic(scale == Scale.LOGARITHMIC);
    chart.getStyler().setXAxisMaxLabelCount(LABELS);
    chart.getStyler().setPlotGridLinesColor(new Color(0xDDDDDD));
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      chart
          .addSeries(curve.name(), curve.x(), curve.y())
          .setMarker(SeriesMarkers.NONE)
          .setLineColor(color(i, curves.size()));
    }
    return chart;
  }

  /** Colors that are far apart: a hue each, and every other one darker. */
  private static Color color(int index, int count) {
    float hue = (float) index / Math.max(count, 2);
    return Color.getHSBColor(hue, index % 2 == 0 ? 0.85f : 1f, index % 2 == 0 ? 0.9f : 0.55f);
  }

  /** The mean of each value and those before it, so that a noisy curve can be read. */
  static double[] smoothed(double[] values, double keep) {
    double[] result = new double[values.length];
    double mean = 0;
    double weight = 0;
    for (int i = 0; i < values.length; i++) {
      mean = keep * mean + (1 - keep) * values[i];
      weight = keep * weight + (1 - keep);
      result[i] = mean / weight;
    }
    return result;
  }
}
