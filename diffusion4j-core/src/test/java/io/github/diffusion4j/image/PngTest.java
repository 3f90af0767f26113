package io.github.diffusion4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngTest {
  @TempDir Path folder;

  @Test
  void write_inAMissingFolder_comesBackTheSameAndAlone() throws Exception {
    BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(1, 0, 0x123456);
    Path file = folder.resolve("a/b/picture.png");

    Png.write(picture, file);

    assertThat(Png.read(file).getRGB(1, 0)).isEqualTo(0xff123456);
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void write_overAnotherPicture_replacesIt() throws Exception {
    Path file = folder.resolve("picture.png");
    Png.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), file);
    Png.write(new BufferedImage(3, 4, BufferedImage.TYPE_INT_RGB), file);

    assertThat(Png.read(file).getWidth()).isEqualTo(3);
  }

  @Test
  void notes_written_comeBack() throws Exception {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("Software", "diffusion4j");
    notes.put("seed", "42");
    Path file = folder.resolve("picture.png");

    Png.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), file, notes);

    assertThat(Png.notes(file)).containsExactlyEntriesOf(notes);
    assertThat(Png.read(file).getWidth()).isEqualTo(1);
  }

  /** Paths may have any letters. */
  @Test
  void notes_beyondLatin1_comeBack() throws Exception {
    Map<String, String> notes = Map.of("model", "/home/Łukasz/モデル", "seed", "7");
    Path file = folder.resolve("picture.png");

    Png.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), file, notes);

    assertThat(Png.notes(file)).containsExactlyInAnyOrderEntriesOf(notes);
  }

  @Test
  void read_text_isRefusedByName() throws Exception {
    Path file = Files.writeString(folder.resolve("text.png"), "not a picture");
    assertThatThrownBy(() -> Png.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("text.png is not an image");
  }
}
