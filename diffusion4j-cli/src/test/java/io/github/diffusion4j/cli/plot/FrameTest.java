package io.github.diffusion4j.cli.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final int WHITE = 0xFFFFFF;
  private static final Frame FRAME = new Frame(10, 20, 40, 20, new Range(0, 4), new Range(-1, 1));

  private static BufferedImage drawn(Consumer<Canvas> what) {
    try (Canvas canvas = new Canvas(60, 50)) {
      what.accept(canvas);
      return canvas.picture();
    }
  }

  private static int pixel(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & WHITE;
  }

  @Test
  void heatMap_beginsAtTheLowerLeft() {
    double[][] shares = {{1, 0}, {0, 0}};

    BufferedImage picture = drawn(canvas -> FRAME.heatMap(canvas, shares));

    assertThat(pixel(picture, 10, 39)).isEqualTo(ColorMap.rgb(1));
    assertThat(pixel(picture, 29, 30)).isEqualTo(ColorMap.rgb(1));
    assertThat(pixel(picture, 30, 39)).isEqualTo(ColorMap.rgb(0));
    assertThat(pixel(picture, 10, 29)).isEqualTo(ColorMap.rgb(0));
    assertThat(pixel(picture, 9, 39)).isEqualTo(WHITE);
  }

  @Test
  void line_isCutAtTheBorder() {
    BufferedImage picture =
        drawn(
            canvas ->
                FRAME.line(canvas, new double[] {-10, 10}, new double[] {0.5, 0.5}, Color.RED, 3));

    assertThat(pixel(picture, 30, 25)).isEqualTo(0xFF0000);
    assertThat(pixel(picture, 30, 35)).isEqualTo(WHITE);
    assertThat(pixel(picture, 5, 25)).isEqualTo(WHITE);
    assertThat(pixel(picture, 55, 25)).isEqualTo(WHITE);
  }

  @Test
  void area_reachesFromTheLineToZero() {
    BufferedImage picture =
        drawn(
            canvas ->
                FRAME.area(canvas, new double[] {1, 3}, new double[] {-0.8, -0.8}, Color.BLUE));

    assertThat(pixel(picture, 30, 34)).isEqualTo(0x0000FF);
    assertThat(pixel(picture, 30, 25)).isEqualTo(WHITE);
    assertThat(pixel(picture, 15, 34)).isEqualTo(WHITE);
  }

  @Test
  void arrow_pointsUpForPositiveY() {
    BufferedImage picture = drawn(canvas -> FRAME.arrow(canvas, 2, 0, 0, 0.9, Color.BLACK));

    assertThat(pixel(picture, 30, 24)).isNotEqualTo(WHITE);
    assertThat(pixel(picture, 30, 36)).isEqualTo(WHITE);
  }
}
