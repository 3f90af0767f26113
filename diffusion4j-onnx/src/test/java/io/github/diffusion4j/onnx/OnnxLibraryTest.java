package io.github.diffusion4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import io.github.diffusion4j.torch.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OnnxLibraryTest {
  @TempDir private Path cache;

  @Test
  void unpacked_emptyCache_holdsBothLibrariesAndNothingElse() throws IOException {
    Path folder = OnnxLibrary.unpacked(cache).orElseThrow();

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files)
          .containsExactlyInAnyOrder(
              folder.resolve(System.mapLibraryName("onnxruntime")),
              folder.resolve(System.mapLibraryName("onnxruntime4j_jni")));
    }
  }

  @Test
  void unpacked_secondTime_writesOnlyWhatIsBroken() throws IOException {
    Path folder = OnnxLibrary.unpacked(cache).orElseThrow();
    Path whole = folder.resolve(System.mapLibraryName("onnxruntime"));
    Path broken = folder.resolve(System.mapLibraryName("onnxruntime4j_jni"));
    byte[] content = Files.readAllBytes(broken);
    FileTime before = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(whole, before);
    Files.write(broken, new byte[3]);

    assertThat(OnnxLibrary.unpacked(cache)).contains(folder);

    assertThat(Files.getLastModifiedTime(whole)).isEqualTo(before);
    assertThat(Files.readAllBytes(broken)).isEqualTo(content);
  }

  @Test
  void unpacked_cacheThatCannotBeWritten_isNothing() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "no folder");

    assertThat(OnnxLibrary.unpacked(file)).isEmpty();
  }

  /** Whoever comes first, the runtime is that of the cache; it was once unpacked at every start. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void environment_loadedBySessions_isTheUnpackedOne() throws IOException {
    assertThatThrownBy(() -> Sessions.of(ModelProto.getDefaultInstance(), 1));

    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      assertThat(maps.filter(line -> line.endsWith("/libonnxruntime.so")))
          .isNotEmpty()
          .allMatch(line -> line.contains(Engine.cacheFolder()));
    }
  }

  /** The runtime's reports to its maker begin in a file that it keeps open. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void environment_loaded_keepsNoReports() throws IOException, OrtException {
    OnnxLibrary.environment();

    List<String> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : (Iterable<Path>) descriptors::iterator) {
        open.add(Files.exists(each) ? Files.readSymbolicLink(each).toString() : "closed");
      }
    }
    assertThat(open).isNotEmpty().noneMatch(file -> file.contains("onnxruntime.db"));
  }
}
