package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
  @TempDir Path parent;

  @Test
  void write_twice_replacesTheFolder() throws IOException {
    Path target = parent.resolve("a");
    AtomicFolder.write(target, inside -> Files.writeString(inside.resolve("old"), "1"));
    AtomicFolder.write(target, inside -> Files.createDirectories(inside.resolve("deep/er")));

    assertThat(names(target)).containsExactly("deep");
    assertThat(names(parent)).containsExactly("a");
  }

  @Test
  void write_contentFails_leavesTheOldFolderAsItWas() throws IOException {
    Path target = parent.resolve("a");
    AtomicFolder.write(target, inside -> Files.writeString(inside.resolve("old"), "1"));

    assertThatThrownBy(
            () ->
                AtomicFolder.write(
                    target,
                    inside -> {
                      Files.writeString(inside.resolve("new"), "2");
                      throw new IOException("the disk is full");
                    }))
        .hasMessage("the disk is full");
    assertThat(names(target)).containsExactly("old");
  }

  @Test
  void write_afterKilledWrites_removesWhatTheyLeft() throws IOException {
    Files.createDirectories(parent.resolve(".a.d4j-partial/unet"));
    Files.writeString(parent.resolve(".a.d4j-partial/unet/half"), "x");
    Files.createDirectories(parent.resolve(".b.d4j-partial"));
    Files.createDirectories(parent.resolve(".mine"));

    AtomicFolder.write(parent.resolve("a"), inside -> {});

    assertThat(names(parent)).containsExactly(".mine", "a");
  }

  @Test
  void write_afterKillBetweenBothRenames_putsTheOldFolderBack() throws IOException {
    Files.createDirectories(parent.resolve(".a.d4j-replaced"));
    Files.createDirectories(parent.resolve(".b.d4j-replaced"));
    Files.createDirectories(parent.resolve("b"));

    AtomicFolder.write(parent.resolve("c"), inside -> {});

    assertThat(names(parent)).containsExactly("a", "b", "c");
  }

  @Test
  void writeFile_existingFile_isReplaced() throws IOException {
    AtomicFolder.writeFile(parent.resolve("latest"), "1\n");
    AtomicFolder.writeFile(parent.resolve("latest"), "2\n");

    assertThat(parent.resolve("latest")).hasContent("2\n");
    assertThat(names(parent)).containsExactly("latest");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writeNew_contentThatFails_leavesNothingBehind() throws IOException {
    Path target = parent.resolve("target");

    assertThatThrownBy(
            () ->
                AtomicFolder.writeNew(
                    target,
                    inside -> {
                      Files.writeString(inside.resolve("half"), "half");
                      throw new IOException("no space");
                    }))
        .hasMessage("no space");
    assertThat(parent).isEmptyDirectory();
  }
}
