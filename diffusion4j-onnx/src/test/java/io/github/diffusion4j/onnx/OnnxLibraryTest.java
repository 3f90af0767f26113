package io.github.diffusion4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
}
