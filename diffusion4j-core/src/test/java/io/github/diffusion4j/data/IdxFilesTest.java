package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
  private static final List<String> NAMES = List.of("no", "yes");
  private static final byte[] IMAGES = images(2, 2, 3);
  private static final byte[] LABELS = labels(1, 0);

  @TempDir Path folder;

  @Test
  void read_plainFiles_returnsImagesAndLabels() throws Exception {
    ImageDataset data = IdxFiles.read(file("i", IMAGES), file("l", LABELS), NAMES);

    assertThat(data.size()).isEqualTo(2);
    assertThat(data.shape()).isEqualTo(new ImageShape(1, 2, 3));
    assertThat(TestImages.pixels(data, 1)).containsExactly(206, 207, 208, 209, 210, 211);
    assertThat(data.label(0)).hasValue(1);
    assertThat(data.label(1)).hasValue(0);
    assertThat(data.classNames()).isEqualTo(NAMES);
  }

  @Test
  void read_gzipFiles_returnsTheSame() throws Exception {
    ImageDataset plain = IdxFiles.read(file("i", IMAGES), file("l", LABELS), NAMES);
    ImageDataset zipped = IdxFiles.read(file("i.gz", gzip(IMAGES)), file("l", gzip(LABELS)), NAMES);

    assertThat(zipped.fingerprint()).isEqualTo(plain.fingerprint());
  }

  @Test
  void read_imagesAlone_hasNoClasses() throws Exception {
    ImageDataset data = IdxFiles.read(file("i", IMAGES));

    assertThat(data.size()).isEqualTo(2);
    assertThat(data.label(0)).isEmpty();
    assertThat(data.classNames()).isEmpty();
  }

  @Test
  void read_labelsAsImages_namesTheMagicNumber() throws Exception {
    Path labels = file("labels", LABELS);
    assertThatThrownBy(() -> IdxFiles.read(labels))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("labels is not an IDX file of images")
        .hasMessageContaining("0x00000801");
  }

  @Test
  void read_damagedFiles_areNamed() throws Exception {
    byte[] zipped = gzip(images(9, 28, 28));
    byte[] flipped = zipped.clone();
    flipped[zipped.length - 8] ^= 0x55; // the checksum
    refuses(new byte[0], "shorter than its header");
    refuses(new byte[] {0}, "shorter than its header");
    refuses(Arrays.copyOf(IMAGES, 10), "shorter than its header");
    refuses(Arrays.copyOf(IMAGES, IMAGES.length - 1), "shorter than its header");
    refuses(Arrays.copyOf(IMAGES, IMAGES.length + 1), "longer than its header");
    refuses(Arrays.copyOf(zipped, zipped.length - 20), "shorter than its header");
    refuses(flipped, "damaged");
    refuses(header(0x803, 2_000_000_000, 28, 28), "damaged|elements");
    refuses(header(0x803, 0, 28, 28), "0 elements");
    refuses(header(0x803, 2_000_000, 28, 28), "shorter than its header");
  }

  @Test
  void read_countsDiffer_namesBoth() throws Exception {
    Path images = file("images", IMAGES);
    Path labels = file("labels", labels(1, 0, 1));
    assertThatThrownBy(() -> IdxFiles.read(images, labels, NAMES))
        .hasMessageContaining("2 images")
        .hasMessageContaining("3 labels");
  }

  @Test
  void read_labelWithoutAName_isRefused() throws Exception {
    Path images = file("images", IMAGES);
    Path labels = file("labels", labels(1, 2));
    assertThatThrownBy(() -> IdxFiles.read(images, labels, NAMES))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("label of image 1 is 2; allowed: 0…1");
  }

  private void refuses(byte[] content, String pattern) throws IOException {
    Path broken = file("broken.idx", content);
    assertThatThrownBy(() -> IdxFiles.read(broken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("broken.idx")
        .message()
        .containsPattern(pattern);
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] images(int count, int height, int width) {
    byte[] header = header(0x803, count, height, width);
    byte[] result = Arrays.copyOf(header, header.length + count * height * width);
    for (int i = header.length; i < result.length; i++) {
      result[i] = (byte) (200 + i - header.length);
    }
    return result;
  }

  private static byte[] labels(int... values) {
    byte[] header = header(0x801, values.length);
    byte[] result = Arrays.copyOf(header, header.length + values.length);
    for (int i = 0; i < values.length; i++) {
      result[header.length + i] = (byte) values[i];
    }
    return result;
  }

  private static byte[] header(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return bytes.array();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
