package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFilesTest {
  @TempDir Path folder;

  @Test
  void read_twoFiles_joinsThem() throws Exception {
    Path first = Files.write(folder.resolve("1.bin"), records(3, 7));
    Path second = Files.write(folder.resolve("2.bin"), records(9));

    ImageDataset data = CifarFiles.read(List.of(first, second));

    assertThat(data.size()).isEqualTo(3);
    assertThat(data.shape()).isEqualTo(new ImageShape(3, 32, 32));
    assertThat(data.classNames().get(data.label(1).orElseThrow())).isEqualTo("horse");
    int[] pixels = TestImages.pixels(data, 2);
    assertThat(pixels[0]).isEqualTo(9);
    assertThat(pixels[1024]).isEqualTo(10);
    assertThat(pixels[3071]).isEqualTo(11);
  }

  @Test
  void read_besideANamesFile_usesIt() throws Exception {
    Path file = Files.write(folder.resolve("1.bin"), records(1));
    Files.writeString(folder.resolve("batches.meta.txt"), "salt\npepper\n\n");

    assertThat(CifarFiles.read(List.of(file)).classNames()).containsExactly("salt", "pepper");
  }

  @Test
  void read_brokenFiles_areNamed() throws Exception {
    Path cut = Files.write(folder.resolve("cut.bin"), new byte[3072]);
    Path label = Files.write(folder.resolve("label.bin"), records(10));
    Path empty = Files.write(folder.resolve("empty.bin"), new byte[0]);

    assertThatThrownBy(() -> CifarFiles.read(List.of(cut)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut.bin has 3072 bytes");
    assertThatThrownBy(() -> CifarFiles.read(List.of(empty))).hasMessageContaining("empty.bin");
    assertThatThrownBy(() -> CifarFiles.read(List.of(label)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("label of image 0 is 10; allowed: 0…9");
  }

  /** Returns one record for each label; its planes are filled with the label, + 1 and + 2. */
  static byte[] records(int... labels) {
    byte[] bytes = new byte[3073 * labels.length];
    for (int i = 0; i < bytes.length; i++) {
      int label = labels[i / 3073];
      int at = i % 3073;
      bytes[i] = (byte) (at == 0 ? label : label + (at - 1) / 1024);
    }
    return bytes;
  }
}
