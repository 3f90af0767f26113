package io.github.diffusion4j.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that takes commands on its standard input, parted by tabs, and answers each with a line
 * of JSON. Ours and the peer speak the same language.
 */
final class WorkerProcess implements Contestant {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SECONDS_TO_END = 5;

  private final Process process;
  private final Path complaints;
  private final Writer commands;
  private final BufferedReader answers;
  private String version = "unknown";

  private WorkerProcess(Process process, Path complaints) {
    this.process = process;
    this.complaints = complaints;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static WorkerProcess start(ProcessBuilder command) throws IOException {
    Path complaints = Files.createTempFile("diffusion4j-bench", ".err");
    try {
      return new WorkerProcess(command.redirectError(complaints.toFile()).start(), complaints);
    } catch (IOException e) {
      Files.delete(complaints);
      throw e;
    }
  }

  /** Says what is to be done; the worker warms up before it answers. */
  void open(String... what) throws IOException {
    List<String> command = new ArrayList<>(List.of("open"));
    command.addAll(List.of(what));
    version = ask(command.toArray(String[]::new)).path("version").asString("unknown");
  }

  @Override
  public Laps run(int repetitions) throws IOException {
    JsonNode answer = ask("run", Integer.toString(repetitions));
    List<Double> seconds = new ArrayList<>();
    answer.path("seconds").forEach(each -> seconds.add(each.asDouble()));
    JsonNode peak = answer.path("peak_kib");
    return new Laps(
        seconds, peak.isNumber() ? OptionalLong.of(peak.asLong()) : OptionalLong.empty());
  }

  @Override
  public String version() {
    return version;
  }

  /**
   * Sends a command and waits for the answer.
   *
   * @throws IOException if the worker says that it failed, ends, or answers with no JSON
   */
  JsonNode ask(String... command) throws IOException {
    try {
      commands.write(String.join("\t", command) + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new IOException(ended(), e);
    }
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(ended());
    }
    try {
      JsonNode answer = JSON.readTree(line);
      if (answer.has("error")) {
        throw new IOException(answer.get("error").asString());
      }
      return answer;
    } catch (JacksonException e) {
      throw new IOException(
          String.format(Locale.ROOT, "the answer to %s is no JSON: %s", command[0], line), e);
    }
  }

  private String ended() throws IOException {
    List<String> lines = Files.readAllLines(complaints);
    return "the process ended" + (lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1));
  }

  /** Ends the process, which is idle, by ending its input. */
  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(complaints);
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
