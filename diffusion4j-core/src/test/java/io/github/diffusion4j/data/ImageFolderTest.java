package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  private static final ImageOptions OPTIONS = ImageOptions.of(new ImageShape(3, 2, 2));

  @TempDir Path folder;

  @Test
  void open_mixedFiles_sortsThemAndIgnoresOthers() throws Exception {
    put("b.png", ImageBytes.png(4, 4, 0x0b0b0b));
    put("a.JPG", ImageBytes.encoded("jpg", ImageBytes.filled(8, 8, 0x808080)));
    put("c.webp", ImageBytes.resource("lossless.webp"));
    put("notes.txt", new byte[] {1});
    put(".hidden.png", new byte[] {1});
    put("__MACOSX/b.png", new byte[] {1});
    put(".git/x.png", new byte[] {1});

    ImageFiles data = ImageFolder.open(folder, OPTIONS, Progress.NONE);

    assertThat(data.size()).isEqualTo(3);
    assertThat(List.of(data.name(0), data.name(1), data.name(2)))
        .containsExactly("a.JPG", "b.png", "c.webp");
    assertThat(TestImages.pixels(data, 1)).hasSize(12).containsOnly(0x0b);
    assertThat(data.ignoredFiles()).isEqualTo(1);
    assertThat(data.skipped()).isEmpty();
    assertThat(data.classNames()).isEmpty();
    assertThat(data.label(0)).isEmpty();
  }

  @Test
  void open_subFolders_areTheClasses() throws Exception {
    put("dog/2.png", ImageBytes.png(2, 2, 2));
    put("cat/1.png", ImageBytes.png(2, 2, 1));
    put("cat/deep/3.png", ImageBytes.png(2, 2, 3));

    ImageFiles data = ImageFolder.open(folder, OPTIONS, Progress.NONE);

    assertThat(data.classNames()).containsExactly("cat", "dog");
    assertThat(data.name(1)).isEqualTo("cat/deep/3.png");
    assertThat(data.label(1)).hasValue(0);
    assertThat(data.label(2)).hasValue(1);
  }

  @Test
  void open_someImagesBesideTheSubFolders_hasNoClasses() throws Exception {
    put("cat/1.png", ImageBytes.png(2, 2, 1));
    put("2.png", ImageBytes.png(2, 2, 2));

    assertThat(ImageFolder.open(folder, OPTIONS, Progress.NONE).classNames()).isEmpty();
  }

  @Test
  void open_corruptFiles_areSkippedByName() throws Exception {
    byte[] png = ImageBytes.encoded("png", ImageBytes.busy(9, 9));
    byte[] jpg = ImageBytes.encoded("jpg", ImageBytes.busy(9, 9));
    put("1.png", ImageBytes.png(2, 2, 0x111111));
    put("2-cut.png", Arrays.copyOf(png, png.length / 2));
    put("3-cut.jpg", Arrays.copyOf(jpg, jpg.length - 9));
    put("4-empty.gif", new byte[0]);
    put("5-text.png", "text".getBytes(StandardCharsets.UTF_8));
    put("6.png", ImageBytes.png(2, 2, 0x666666));

    ImageFiles data = ImageFolder.open(folder, OPTIONS, Progress.NONE);

    assertThat(data.size()).isEqualTo(2);
    assertThat(TestImages.pixels(data, 1)).containsOnly(0x66);
    assertThat(data.skipped())
        .containsExactly(
            "2-cut.png: the PNG file is cut off",
            "3-cut.jpg: the JPEG file is cut off",
            "4-empty.gif: the file is empty",
            "5-text.png: not a PNG, JPEG, WebP, BMP or GIF image");
  }

  @Test
  void open_corruptFileAndStop_throwsItsName() throws Exception {
    put("1.png", ImageBytes.png(2, 2, 1));
    put("bad.png", new byte[] {1, 2, 3});

    assertThatThrownBy(
            () -> ImageFolder.open(folder, OPTIONS.withOnCorrupt(OnCorrupt.STOP), Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage("corrupt image bad.png: not a PNG, JPEG, WebP, BMP or GIF image");
  }

  @Test
  void open_nothingReadable_saysWhatIsThere() throws Exception {
    put("bad.png", new byte[] {1});
    put("notes.txt", new byte[] {1});

    assertThatThrownBy(() -> ImageFolder.open(folder, OPTIONS, Progress.NONE))
        .hasMessageContaining("no readable image: 1 corrupt (the first: bad.png")
        .hasMessageContaining("1 of other kinds");
    assertThatThrownBy(() -> ImageFolder.open(folder.resolve("x"), OPTIONS, Progress.NONE))
        .hasMessageContaining("x is not a folder");
  }

  @Test
  void read_withoutMemory_decodesTheSamePixelsAgain() throws Exception {
    for (int i = 0; i < 70; i++) {
      put("%02d.png".formatted(i), ImageBytes.png(3, 5, i * 0x030201));
    }
    List<Long> reported = new ArrayList<>();
    ImageFiles kept = ImageFolder.open(folder, OPTIONS, (what, done, total) -> reported.add(done));
    ImageFiles lazy = ImageFolder.open(folder, OPTIONS.withMemoryBytes(0), Progress.NONE);

    assertThat(reported).isSorted().last().isEqualTo(70L);
    assertThat(lazy.fingerprint()).isEqualTo(kept.fingerprint());
    for (int i = 0; i < 70; i++) {
      assertThat(TestImages.pixels(lazy, i)).isEqualTo(TestImages.pixels(kept, i));
    }
  }

  @Test
  void next_fileVanishedMeanwhile_throwsItsName() throws Exception {
    put("1.png", ImageBytes.png(2, 2, 1));
    ImageFiles lazy = ImageFolder.open(folder, OPTIONS.withMemoryBytes(0), Progress.NONE);
    Files.delete(folder.resolve("1.png"));

    try (BatchLoader loader = new BatchLoader(lazy, 1, Augmentation.NONE, Seed.of(1), 0)) {
      assertThatThrownBy(loader::next).hasMessageContaining("corrupt image 1.png");
    }
  }

  @Test
  void fingerprint_otherContentOrShape_differs() throws Exception {
    put("1.png", ImageBytes.png(2, 2, 1));
    String before = ImageFolder.open(folder, OPTIONS, Progress.NONE).fingerprint();
    ImageOptions larger = ImageOptions.of(new ImageShape(3, 4, 4));
    String otherShape = ImageFolder.open(folder, larger, Progress.NONE).fingerprint();
    put("1.png", ImageBytes.png(2, 2, 2));
    String after = ImageFolder.open(folder, OPTIONS, Progress.NONE).fingerprint();

    assertThat(List.of(before, otherShape, after)).doesNotHaveDuplicates();
  }

  private void put(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
