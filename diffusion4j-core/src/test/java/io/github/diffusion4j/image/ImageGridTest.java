package io.github.diffusion4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageGridTest {
  private static final int WHITE = 0xffffff;

  @Test
  void draw_grayImages_placesThemInRows() {
    PlanarImages three = new PlanarImages(new byte[] {10, 20, 30, 40, 50, 60}, 3, 1, 1, 2);

    BufferedImage grid = ImageGrid.ofColumns(2).withPadding(1).draw(three);

    assertThat(grid.getWidth()).isEqualTo(1 + 2 * 3);
    assertThat(grid.getHeight()).isEqualTo(1 + 2 * 2);
    assertThat(rgb(grid, 1, 1)).isEqualTo(0x0a0a0a);
    assertThat(rgb(grid, 2, 1)).isEqualTo(0x141414);
    assertThat(rgb(grid, 3, 1)).isEqualTo(WHITE);
    assertThat(rgb(grid, 4, 1)).isEqualTo(0x1e1e1e);
    assertThat(rgb(grid, 1, 3)).isEqualTo(0x323232);
    assertThat(rgb(grid, 4, 3)).isEqualTo(WHITE); // no fourth image
  }

  @Test
  void draw_colorImage_usesThreePlanes() {
    byte[] planes = {(byte) 255, 1, 2, 3, 4, 5, 99, 99};
    PlanarImages withAlpha = new PlanarImages(planes, 1, 4, 1, 2);

    BufferedImage grid = ImageGrid.ofColumns(1).withPadding(0).draw(withAlpha);

    assertThat(rgb(grid, 0, 0)).isEqualTo(0xff0204);
    assertThat(rgb(grid, 1, 0)).isEqualTo(0x010305);
  }

  @Test
  void draw_scaled_repeatsPixels() {
    PlanarImages one = new PlanarImages(new byte[] {1, 2}, 1, 1, 1, 2);

    BufferedImage grid = ImageGrid.ofColumns(1).withPadding(0).withScale(3).draw(one);

    assertThat(grid.getWidth()).isEqualTo(6);
    assertThat(grid.getHeight()).isEqualTo(3);
    assertThat(rgb(grid, 2, 2)).isEqualTo(0x010101);
    assertThat(rgb(grid, 3, 0)).isEqualTo(0x020202);
  }

  @Test
  void draw_rowLabels_makeRoomAndInkAtTheLeft() {
    PlanarImages two = new PlanarImages(new byte[2 * 20 * 20], 2, 1, 20, 20);
    ImageGrid plain = ImageGrid.ofColumns(1);

    BufferedImage grid = plain.withRowLabels(List.of("t = 0", "t = 1000")).draw(two);

    int room = grid.getWidth() - plain.draw(two).getWidth();
    assertThat(room).isPositive();
    assertThat(grid.getHeight()).isEqualTo(plain.draw(two).getHeight());
    assertThat(inkIn(grid, room, 0, 22)).isPositive();
    assertThat(inkIn(grid, room, 22, 44)).isGreaterThan(inkIn(grid, room, 0, 22));
  }

  @Test
  void constructor_badNumbers_areNamed() {
    assertThatThrownBy(() -> ImageGrid.ofColumns(0)).hasMessageContaining("0 columns");
    assertThatThrownBy(() -> new PlanarImages(new byte[5], 1, 1, 2, 2))
        .hasMessageContaining("5 bytes do not fill [1, 1, 2, 2]");
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }

  private static int inkIn(BufferedImage image, int width, int top, int bottom) {
    int count = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = 0; x < width; x++) {
        count += rgb(image, x, y) == WHITE ? 0 : 1;
      }
    }
    return count;
  }
}
