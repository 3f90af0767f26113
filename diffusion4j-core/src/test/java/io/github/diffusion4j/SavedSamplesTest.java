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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedSamplesTest {
  @TempDir Path folder;

  private Scope scope;
  private Tensor images;

  @BeforeEach
  void open() {
    scope = Scope.open();
    float[] pixels = {-1, -1, -1, -1, 1, 1, 1, 1, 0.2f, 0.2f, 0.2f, 0.2f};
    images = Tensor.of(pixels, 3, 1, 2, 2);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void write_npyName_writesAnArrayOfBytes() throws IOException {
    Path file = folder.resolve("new/samples.npy");
    SavedSamples.to(file).write(images);
    Tensor read = NpyFile.read(file);

    assertThat(read.type()).isEqualTo(DType.U8);
    assertThat(read.shape()).containsExactly(3, 1, 2, 2);
    assertThat(read.toLongs()).containsExactly(0, 0, 0, 0, 255, 255, 255, 255, 153, 153, 153, 153);
  }

  @Test
  void write_pngName_writesOneGrid() throws IOException {
    Path file = folder.resolve("new/samples.png");
    SavedSamples.to(file).write(images);
    BufferedImage grid = Png.read(file);

    assertThat(grid.getWidth()).isEqualTo(grid.getHeight()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void write_folderName_writesOnePictureEach() throws IOException {
    Path target = folder.resolve("pictures");
    SavedSamples.to(target).write(images);

    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder("000000.png", "000001.png", "000002.png");
    BufferedImage white = Png.read(target.resolve("000001.png"));
    assertThat(white.getWidth()).isEqualTo(2);
    assertThat(white.getRGB(1, 1) & 0xffffff).isEqualTo(0xffffff);
  }

  @Test
  void to_otherEnding_isRefused() {
    assertThatThrownBy(() -> SavedSamples.to(folder.resolve("samples.jpg")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("allowed: a name ending in .png or .npy, or a directory");
  }

  @Test
  void write_notes_areInEveryPicture() throws IOException {
    Path target = folder.resolve("noted");
    Path grid = folder.resolve("noted.png");
    try (Scope scope = Scope.open()) {
      SavedSamples.to(target).write(Tensor.zeros(2, 1, 4, 4), Map.of("seed", "7"));
      SavedSamples.to(grid).write(Tensor.zeros(2, 1, 4, 4), Map.of("seed", "7"));
    }

    assertThat(Png.notes(target.resolve("000001.png")))
        .isEqualTo(Map.of("seed", "7", "image", "1"));
    assertThat(Png.notes(grid)).isEqualTo(Map.of("seed", "7"));
  }
}
