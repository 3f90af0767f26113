package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageZipTest {
  private static final ImageOptions OPTIONS = ImageOptions.of(new ImageShape(1, 2, 2));

  @TempDir Path folder;

  @Test
  void open_nestedFolders_areTheClasses() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("set/dog/1.png", ImageBytes.png(2, 2, 0x222222));
    files.put("set/cat/2.png", ImageBytes.png(2, 2, 0x333333));
    files.put("__MACOSX/set/cat/._2.png", new byte[] {1});
    files.put("set/README", new byte[] {1});
    Path zip = zip(files);

    ImageFiles data = ImageZip.open(zip, OPTIONS, Progress.NONE);

    assertThat(data.size()).isEqualTo(2);
    assertThat(data.name(0)).isEqualTo("set/cat/2.png");
    assertThat(TestImages.pixels(data, 0)).containsOnly(0x33);
    assertThat(data.classNames()).containsExactly("cat", "dog");
    assertThat(data.label(1)).hasValue(1);
    assertThat(data.ignoredFiles()).isEqualTo(1);
    ImageFiles lazy = ImageZip.open(zip, OPTIONS.withMemoryBytes(0), Progress.NONE);
    assertThat(TestImages.pixels(lazy, 1)).containsOnly(0x22);
  }

  @Test
  void open_damagedEntry_isSkippedByName() throws Exception {
    byte[] bmp = ImageBytes.encoded("bmp", ImageBytes.filled(2, 2, 0x445566));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("good.png", ImageBytes.png(2, 2, 1));
    files.put("flipped.bmp", bmp);
    Path zip = zip(files);
    byte[] bytes = Files.readAllBytes(zip);
    int at = indexOf(bytes, bmp);
    bytes[at + bmp.length - 3] ^= 0x10; // a pixel of the stored file
    Files.write(zip, bytes);

    ImageFiles data = ImageZip.open(zip, OPTIONS, Progress.NONE);

    assertThat(data.size()).isEqualTo(1);
    assertThat(data.skipped()).containsExactly("flipped.bmp: wrong checksum in the archive");
  }

  @Test
  void open_noArchive_isRefusedByName() throws Exception {
    Path text = Files.writeString(folder.resolve("text.zip"), "no archive");
    assertThatThrownBy(() -> ImageZip.open(text, OPTIONS, Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("text.zip is not a zip archive");
    assertThatThrownBy(() -> ImageZip.open(folder.resolve("x.zip"), OPTIONS, Progress.NONE))
        .hasMessageContaining("x.zip is not a file");
  }

  private Path zip(Map<String, byte[]> files) throws IOException {
    Path zip = folder.resolve("images.zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        CRC32 sum = new CRC32();
        sum.update(file.getValue());
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(sum.getValue());
        entries.putNextEntry(entry);
        entries.write(file.getValue());
      }
    }
    return zip;
  }

  private static int indexOf(byte[] all, byte[] part) {
    int at = 0;
    while (!Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
      at++;
    }
    return at;
  }
}
