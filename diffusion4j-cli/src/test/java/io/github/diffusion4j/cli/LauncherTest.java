package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code diffusion4j} in a folder where everything is built, with a Java that says so.
 */
class LauncherTest {
  @TempDir Path folder;
  private Path launcher;
  private Path tools;

  @BeforeEach
  void copy() throws IOException {
    launcher = Files.copy(Path.of("..", "diffusion4j"), folder.resolve("diffusion4j"));
    Files.createDirectories(folder.resolve("diffusion4j-cli/target"));
    tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("bash", "readlink", "dirname", "find", "head", "grep", "getconf")) {
      Files.createSymbolicLink(tools.resolve(tool), tool(tool));
    }
  }

  private static Path tool(String name) {
    return Stream.of("/usr/bin", "/bin")
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void wrongJavaHome_fallsBackOnThePathAndSaysSo() throws Exception {
    putJavaInto(tools);

    String printed = run("/no/jdk", "doctor");

    assertThat(printed)
        .contains("warning: JAVA_HOME is /no/jdk, which has no bin/java; using " + tools)
        .contains("started with", "Main doctor");
  }

  @Test
  void wrongJavaHome_withoutAnotherJava_isAnError() throws Exception {
    assertThat(run("/no/jdk", "doctor"))
        .hasLineCount(1)
        .startsWith("error: JAVA_HOME is /no/jdk, which has no bin/java")
        .contains("allowed: the folder of a JDK, 17 or later");
    assertThat(run("", "doctor")).hasLineCount(1).startsWith("error: no Java found; install a JDK");
  }

  @Test
  void rightJavaHome_isUsedSilently() throws Exception {
    putJavaInto(Files.createDirectories(folder.resolve("jdk/bin")));

    assertThat(run(folder.resolve("jdk").toString(), "sample"))
        .startsWith("started with")
        .doesNotContain("JAVA_HOME");
  }

  private void putJavaInto(Path place) throws IOException {
    Path java = place.resolve("java");
    Files.writeString(java, "#!/bin/sh\necho started with \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        folder.resolve("diffusion4j-cli/target/launcher.stamp"), java.toRealPath() + "\n");
  }

  private String run(String javaHome, String verb) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(tools.resolve("bash").toString(), launcher.toString(), verb)
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("JAVA_HOME", javaHome);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed.replaceAll("(?m)^find: .*\\n", ""); // of sources, of which there are none
  }
}
