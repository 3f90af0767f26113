package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.diffusion4j.checkpoint.Checkpoints;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.checkpoint.TrainingState;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.data.NpyFile;
import io.github.diffusion4j.data.NpzFile;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is written to a disk that is full: the error names it, and nothing stays. */
class FullDiskTest {
  private static final int SIDE = 64;

  /** Every kind of file that core writes, each larger than the disk. */
  enum Product {
    PICTURE("a.png") {
      @Override
      void write(Path file, Tensor noise) throws IOException {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        float[] values = noise.toFloats();
        for (int i = 0; i < SIDE * SIDE; i++) {
          picture.setRGB(i % SIDE, i / SIDE, Float.floatToIntBits(values[i]));
        }
        Png.write(picture, file);
      }
    },
    ARRAY("a.npy") {
      @Override
      void write(Path file, Tensor noise) throws IOException {
        NpyFile.write(file, noise.toFloats(), SIDE * SIDE);
      }
    },
    ARRAYS("a.npz") {
      @Override
      void write(Path file, Tensor noise) throws IOException {
        NpzFile.write(file, Map.of("a", noise));
      }
    },
    TABLE("a.csv") {
      @Override
      void write(Path file, Tensor noise) throws IOException {
        SavedPoints.to(file).write(noise.reshape(-1, 2));
      }
    },
    WEIGHTS("a.safetensors") {
      @Override
      void write(Path file, Tensor noise) throws IOException {
        Safetensors.write(file, Map.of("a", noise), Map.of());
      }
    },
    RECIPE("a.json") {
      @Override
      void write(Path file, Tensor noise) throws IOException {
        ConfigFiles.write(file, Presets.load("digits-quickstart"));
      }
    };

    private final String file;

    Product(String file) {
      this.file = file;
    }

    abstract void write(Path file, Tensor noise) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void write_fullDisk_namesTheFileAndLeavesNothing(Product product) throws IOException {
    try (FileSystem disk = disk(1024);
        Scope scope = Scope.open()) {
      Path folder = Files.createDirectory(disk.getPath("/out"));
      Path file = folder.resolve(product.file);
      Tensor noise = Seed.of(0).normal(SIDE * SIDE);

      assertThatThrownBy(() -> product.write(file, noise))
          .isInstanceOf(AtomicFile.Failure.class)
          .hasMessageStartingWith(file + " cannot be written: ")
          .hasMessageContaining("out of disk space");
      assertThat(names(folder)).isEmpty();
    }
  }

  @Test
  void checkpoint_fullDisk_leavesTheOneBefore() throws IOException {
    try (FileSystem disk = disk(128 * 1024);
        Scope scope = Scope.open()) {
      Path run = disk.getPath("/run");
      Checkpoints checkpoints = Checkpoints.of(run);
      checkpoints.write(inside -> {}, 1, state(1, Tensor.zeros(10)));

      assertThatThrownBy(
              () -> checkpoints.write(inside -> {}, 1, state(2, Tensor.zeros(SIDE * SIDE * SIDE))))
          .isInstanceOf(AtomicFile.Failure.class)
          .hasMessageStartingWith("/run/checkpoints/step-00000002 cannot be written: ")
          .hasMessageContaining("out of disk space");
      assertThat(names(run.resolve("checkpoints"))).containsExactly("latest", "step-00000001");
      assertThat(checkpoints.latest()).contains(run.resolve("checkpoints/step-00000001"));
    }
  }

  private static TrainingState state(long step, Tensor weights) {
    return new TrainingState(
        new TrainingState.Progress(step, step, 0),
        Presets.load("digits-quickstart"),
        "data",
        Map.of("weights", weights));
  }

  private static FileSystem disk(int bytes) {
    return Jimfs.newFileSystem(
        Configuration.unix().toBuilder().setBlockSize(512).setMaxSize(bytes).build());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }
}
