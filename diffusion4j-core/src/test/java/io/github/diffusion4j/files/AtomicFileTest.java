package io.github.diffusion4j.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.IIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AtomicFileTest {
  private static final int BLOCK = 1024;

  /** A disk of eight blocks. */
  private final FileSystem disk =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setBlockSize(BLOCK).setMaxSize(8 * BLOCK).build());

  private final Path folder = disk.getPath("/work");

  @AfterEach
  void close() throws IOException {
    disk.close();
  }

  @Test
  void write_missingFolders_areMade() throws IOException {
    AtomicFile.write(folder.resolve("a/b/file.txt"), "ö\n");

    assertThat(Files.readString(folder.resolve("a/b/file.txt"))).isEqualTo("ö\n");
    assertThat(names(folder.resolve("a/b"))).containsExactly("file.txt");
  }

  @Test
  void write_fullDisk_namesTheFileAndLeavesWhatWasThere() throws IOException {
    Path file = folder.resolve("file.bin");
    AtomicFile.write(file, "before");

    assertThatThrownBy(() -> AtomicFile.write(file, new byte[9 * BLOCK]))
        .isInstanceOf(AtomicFile.Failure.class)
        .hasMessageStartingWith("/work/file.bin cannot be written: ")
        .hasMessageContaining("out of disk space");
    assertThat(Files.readString(file)).isEqualTo("before");
    assertThat(names(folder)).containsExactly("file.bin");
  }

  @Test
  void write_encoderThatHidesTheCause_namesTheFileAndTheCause() {
    AtomicFile.Content encoder =
        out -> {
          try {
            out.write(new byte[1 << 20]);
          } catch (IOException e) {
            throw new IIOException("I/O error writing PNG file!", e);
          }
        };

    assertThatThrownBy(() -> AtomicFile.write(folder.resolve("a.png"), encoder))
        .isInstanceOf(AtomicFile.Failure.class)
        .hasMessageStartingWith("/work/a.png cannot be written: ")
        .hasMessageContaining("out of disk space");
  }

  @Test
  void write_contentThatFailsByItself_keepsItsErrorAndLeavesNothing() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    folder.resolve("copy"),
                    out -> {
                      out.write(1);
                      throw new IOException("the source is damaged");
                    }))
        .hasMessage("the source is damaged");
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void write_throughALink_changesItsTarget() throws IOException {
    Path target = Files.createDirectories(folder).resolve("target");
    Path link = Files.createSymbolicLink(folder.resolve("link"), disk.getPath("target"));

    AtomicFile.write(link, "first"); // it leads nowhere yet
    AtomicFile.write(link, "second");

    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readString(target)).isEqualTo("second");
    assertThat(names(folder)).containsExactly("link", "target");
  }

  @Test
  void write_folderOrFileInTheWay_isSaid() throws IOException {
    AtomicFile.write(folder.resolve("file"), "");

    assertThatThrownBy(() -> AtomicFile.write(folder.resolve("file/inside"), ""))
        .isInstanceOf(AtomicFile.Failure.class)
        .hasMessageContaining("/work/file/inside cannot be written: ");
    assertThatThrownBy(() -> AtomicFile.write(folder, ""))
        .isInstanceOf(AtomicFile.Failure.class)
        .hasMessageContaining("/work cannot be written: ");
  }

  @Test
  void append_fullDisk_addsNothing() throws IOException {
    Path log = Files.createDirectories(folder).resolve("log");
    AtomicFile.append(log, "one\n");

    assertThatThrownBy(() -> AtomicFile.append(log, "x".repeat(9 * BLOCK)))
        .isInstanceOf(AtomicFile.Failure.class)
        .hasMessageStartingWith("/work/log cannot be written: ");
    AtomicFile.append(log, "two\n");
    assertThat(Files.readString(log)).isEqualTo("one\ntwo\n");
  }

  @Test
  void writeShared_draft_carriesTheProcessInItsName() throws IOException {
    Path file = folder.resolve("part");

    AtomicFile.writeShared(
        file,
        ".draft",
        channel -> {
          channel.write(ByteBuffer.wrap(new byte[] {1}));
          assertThat(names(folder))
              .containsExactly(".part.%d.draft".formatted(ProcessHandle.current().pid()));
        });

    assertThat(names(folder)).containsExactly("part");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }
}
