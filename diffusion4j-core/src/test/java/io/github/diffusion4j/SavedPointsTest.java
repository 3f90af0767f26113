package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.NpyFile;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedPointsTest {
  @TempDir Path folder;

  private Scope scope;
  private Tensor points;

  @BeforeEach
  void open() {
    scope = Scope.open();
    points = Tensor.of(new float[] {0.5f, -0.25f, 1e-5f, 1}, 2, 2);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void write_csvName_writesATable() throws IOException {
    Path file = folder.resolve("new/points.csv");
    SavedPoints.to(file).write(points);

    assertThat(file).hasContent("x,y\n0.5,-0.25\n1.0E-5,1.0\n");
  }

  @Test
  void write_csvNameOfNumbersOnALine_writesOneColumn() throws IOException {
    Path file = folder.resolve("points.csv");
    SavedPoints.to(file).write(points.reshape(4, 1));

    assertThat(file).hasContent("x\n0.5\n-0.25\n1.0E-5\n1.0\n");
  }

  @Test
  void write_npyName_writesAnArrayOfTheNumbers() throws IOException {
    Path file = folder.resolve("points.npy");
    SavedPoints.to(file).write(points);
    Tensor read = NpyFile.read(file);

    assertThat(read.type()).isEqualTo(DType.F32);
    assertThat(read.shape()).containsExactly(2, 2);
    assertThat(read.toFloats()).isEqualTo(points.toFloats());
  }

  @Test
  void write_pngName_drawsDotsWhereThePointsAre() throws IOException {
    Path file = folder.resolve("points.png");
    SavedPoints.to(file).write(points);
    BufferedImage picture = Png.read(file);

    int half = picture.getWidth() / 2;
    int right = (int) (half + 0.5 / 1.25 * half);
    int below = (int) (half + 0.25 / 1.25 * half);
    assertThat(isBlue(picture.getRGB(right, below))).isTrue();
    assertThat(isBlue(picture.getRGB(right, 2 * half - below))).isFalse();
    assertThat(isBlue(picture.getRGB(half, (int) (half - half / 1.25)))).isTrue();
  }

  @Test
  void to_otherEnding_isRefused() {
    assertThatThrownBy(() -> SavedPoints.to(Path.of("points")))
        .isInstanceOf(UserException.class)
        .hasMessage("--out is points; allowed for points: a name ending in .csv, .npy or .png");
  }

  private static boolean isBlue(int rgb) {
    return (rgb & 0xFF) - (rgb >> 16 & 0xFF) > 40;
  }
}
