package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neither JavaCPP nor libtorch writes to the terminal of somebody who uses the library. */
class SilenceTest {
  @TempDir private Path folder;

  /** With one thread libtorch chooses other convolutions; and any class may be the first. */
  @ParameterizedTest
  @CsvSource({"1, Tensor", "2, DType", "1, EngineCheck", "2, Crew"})
  void smallBatches_inAProcessOfTheirOwn_printNothing(int threads, String first) throws Exception {
    Path errors = folder.resolve("stderr");
    Process process = start(threads, first, errors);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).hasLineCount(2).startsWith("1 ");
    assertThat(Files.readString(errors)).isEmpty();
  }

  private static Process start(int threads, String first, Path errors) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-Xmx256m"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-D" + Engine.THREADS_PROPERTY + "=" + threads);
    command.addAll(List.of(SilentForward.class.getName(), first));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM itself would say that it is set
    return builder.start();
  }
}
