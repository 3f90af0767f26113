package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.DataConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.training.TestExperiments;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
  private static final UNetConfig MODEL = TestExperiments.unconditional();

  @TempDir Path folder;

  @Test
  void open_digits_areTheEmbeddedOnes() throws IOException {
    ImageDataset digits = datasets().open(config("digits", Optional.empty()), MODEL);

    assertThat(digits.size()).isEqualTo(10_000);
    assertThat(digits.shape()).isEqualTo(new ImageShape(1, 28, 28));
    assertThat(digits.classNames()).hasSize(10);
  }

  @Test
  void open_limit_takesTheFirstImages() throws IOException {
    assertThat(datasets().open(config("digits", Optional.of(7)), MODEL).size()).isEqualTo(7);
    assertThat(datasets().open(config("digits", Optional.of(99_999)), MODEL).size())
        .isEqualTo(10_000);
  }

  @Test
  void open_knownSet_isReadFromTheDataDirectory() throws IOException {
    Path mnist = Files.createDirectories(folder.resolve("mnist"));
    byte[] images = new byte[16 + 2 * 784];
    ByteBuffer.wrap(images).putInt(0x803).putInt(2).putInt(28).putInt(28);
    images[16] = 77;
    Files.write(mnist.resolve("train-images-idx3-ubyte"), images);
    byte[] labels = ByteBuffer.allocate(10).putInt(0x801).putInt(2).array();
    labels[8] = 4;
    Files.write(mnist.resolve("train-labels-idx1-ubyte"), labels);

    ImageDataset opened = datasets().open(config("mnist", Optional.empty()), MODEL);
    byte[] pixels = new byte[784];
    opened.read(0, pixels, 0);

    assertThat(opened.size()).isEqualTo(2);
    assertThat(pixels[0]).isEqualTo((byte) 77);
    assertThat(opened.label(0)).isEqualTo(OptionalInt.of(4));
  }

  @Test
  void open_folder_isResizedToTheModel() throws IOException {
    Path pictures = folder.resolve("pictures");
    BufferedImage picture = new BufferedImage(20, 12, BufferedImage.TYPE_INT_RGB);
    Png.write(picture, pictures.resolve("cats/a.png"));
    Png.write(picture, pictures.resolve("dogs/b.png"));
    Files.writeString(pictures.resolve("dogs/broken.png"), "no picture");
    Datasets datasets = datasets();

    ImageDataset byPath = datasets.open(config(pictures.toString(), Optional.empty()), MODEL);
    ImageDataset byName = datasets().open(config("pictures", Optional.empty()), MODEL);

    assertThat(byPath.shape()).isEqualTo(new ImageShape(1, 8, 8));
    assertThat(byPath.classNames()).containsExactly("cats", "dogs");
    assertThat(byName.size()).isEqualTo(byPath.size()).isEqualTo(2);
    assertThat(datasets.skipped()).singleElement().asString().contains("broken.png");
  }

  @Test
  void open_missingPath_saysWhatIsAllowed() {
    assertThatThrownBy(() -> datasets().open(config("no/such/folder", Optional.empty()), MODEL))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("data.source is no/such/folder, which does not exist; allowed:");
  }

  private Datasets datasets() {
    return new Datasets(Optional.of(folder), Progress.NONE);
  }

  private static DataConfig config(String source, Optional<Integer> limit) {
    return new DataConfig(
        source, DataConfig.Fit.CROP, DataConfig.Flip.NONE, DataConfig.Corrupt.SKIP, limit);
  }
}
