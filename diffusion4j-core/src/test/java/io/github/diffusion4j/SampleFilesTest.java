package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.NpyFile;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFilesTest {
  @TempDir Path folder;

  @Test
  void open_folderAndArrays_giveTheSameImages() throws IOException {
    byte[] pixels = new StoredImages(EmbeddedDigits.load(), 20, "digits").pixels(0, 20);
    NpyFile.write(folder.resolve("planar.npy"), pixels, 20, 1, 28, 28);
    NpyFile.write(folder.resolve("plain.npy"), pixels, 20, 28, 28);
    NpyFile.write(folder.resolve("CAPITALS.NPY"), pixels, 20, 28, 28);
    NpyFile.write(folder.resolve("last.npy"), pixels, 20, 28, 28, 1);
    try (Scope scope = Scope.open()) {
      SavedSamples.to(folder.resolve("pictures"))
          .write(Tensor.of(PixelRange.toModel(pixels), 20, 1, 28, 28));
    }

    for (String name : List.of("planar.npy", "plain.npy", "CAPITALS.NPY", "last.npy", "pictures")) {
      ImageDataset opened = SampleFiles.open(folder.resolve(name), Progress.NONE);
      assertThat(new StoredImages(opened, name).pixels(0, 20)).as(name).isEqualTo(pixels);
    }
  }

  @Test
  void open_whatIsNoSetOfImages_isRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> SampleFiles.open(empty, Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty has no image; 0 files of other kinds");

    Path mixed = folder.resolve("mixed");
    try (Scope scope = Scope.open()) {
      SavedSamples.to(mixed).write(Tensor.zeros(1, 1, 28, 28));
      SavedSamples.to(folder.resolve("wide")).write(Tensor.zeros(1, 1, 28, 30));
    }
    Files.copy(folder.resolve("wide/000000.png"), mixed.resolve("000001.png"));
    assertThatThrownBy(() -> SampleFiles.open(mixed, Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "image 000001.png: it is [3, 28, 30], the first image is [3, 28, 28]; allowed: images of one shape");

    Path floats = folder.resolve("floats.npy");
    NpyFile.write(floats, new float[784], 1, 1, 28, 28);
    assertThatThrownBy(() -> SampleFiles.open(floats, Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds F32[1, 1, 28, 28]; allowed: U8[N, H, W, C]");
    assertThatThrownBy(() -> SampleFiles.open(folder.resolve("no.zip"), Progress.NONE))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("does not exist");
    Path text = Files.writeString(folder.resolve("a.txt"), "");
    assertThatThrownBy(() -> SampleFiles.open(text, Progress.NONE))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("allowed: a folder, .zip, .npz or .npy");
  }
}
