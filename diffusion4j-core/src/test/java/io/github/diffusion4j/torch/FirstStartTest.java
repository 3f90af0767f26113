package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts a JVM as on a machine that never ran this library before, but has another libtorch on the
 * linker's path. Such a JVM used to die with SIGSEGV while it loaded libtorch.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has LD_LIBRARY_PATH")
class FirstStartTest {
  private static final List<String> DECOYS = List.of("libc10.so", "libtorch_cpu.so", "libtorch.so");

  @TempDir private Path temporary; // JUnit deletes it, with the 360 MB extracted below it
  private Path cache;
  private Path decoys;

  @BeforeEach
  void makeFolders() throws IOException {
    cache = Files.createDirectory(temporary.resolve("cache"));
    decoys = Files.createDirectory(temporary.resolve("decoys"));
    for (String name : DECOYS) {
      try (InputStream library = anyLibrary()) {
        Files.copy(library, decoys.resolve(name));
      }
    }
  }

  /** JavaCPP links to CUDA where it finds it; JUnit warns of links that it deletes. */
  @AfterEach
  void deleteLinks() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  @Test
  void firstUse_emptyCacheAndOtherLibtorchOnPath_addsTensors() throws Exception {
    Run run = run();

    assertThat(run.exit).as(run.output).isZero();
    assertThat(run.output).contains("4.0 6.0");
  }

  @Test
  void firstUse_threadsProperty_isObeyed() throws Exception {
    Run run = run("-D" + Engine.THREADS_PROPERTY + "=3");

    assertThat(run.exit).as(run.output).isZero();
    assertThat(run.output).contains("4.0 6.0 3");
  }

  private record Run(int exit, String output) {}

  private Run run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-Xmx256m"));
    command.add("-Dorg.bytedeco.javacpp.cachedir=" + cache);
    command.addAll(List.of(options));
    command.add(FirstStart.class.getName());
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(temporary.toFile()).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", decoys.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  private static InputStream anyLibrary() throws IOException {
    String path = "/org/bytedeco/javacpp/" + Loader.getPlatform() + "/libjnijavacpp.so";
    InputStream library = Loader.class.getResourceAsStream(path);
    if (library == null) {
      throw new IOException("not on the class path: " + path);
    }
    return library;
  }
}
