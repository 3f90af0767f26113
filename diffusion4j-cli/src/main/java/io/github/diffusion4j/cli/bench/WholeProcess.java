package io.github.diffusion4j.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A program that is started anew for each repetition; what counts is the time from its start until
 * it ends or says a certain line.
 */
final class WholeProcess implements Contestant {
  private static final int MILLISECONDS_BETWEEN_LOOKS = 10;

  private final ProcessBuilder command;
  private final @Nullable String lastLine;
  private final String version;
  private final AtomicLong peakKib = new AtomicLong();

  private WholeProcess(ProcessBuilder command, @Nullable String lastLine, String version) {
    this.command = command.redirectErrorStream(true);
    this.lastLine = lastLine;
    this.version = version;
  }

  /** The time until it has ended. */
  static WholeProcess untilEnd(ProcessBuilder command, String version) {
    return new WholeProcess(command, null, version);
  }

  /** The time until it has printed {@code line}; it is then ended. */
  static WholeProcess untilLine(ProcessBuilder command, String line, String version) {
    return new WholeProcess(command, line, version);
  }

  @Override
  public Laps run(int repetitions) throws IOException {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      seconds.add(once());
    }
    long peak = peakKib.get();
    return new Laps(seconds, peak > 0 ? OptionalLong.of(peak) : OptionalLong.empty());
  }

  private double once() throws IOException {
    long start = System.nanoTime();
    Process process = command.start();
    Thread watch = new Thread(() -> watchMemory(process), "memory of a process");
    watch.setDaemon(true);
    watch.start();
    try {
      String last = readUntilEnd(process.inputReader(StandardCharsets.UTF_8));
      int exitCode = lastLine == null ? process.waitFor() : 0;
      double seconds = (System.nanoTime() - start) * 1e-9;
      if (exitCode != 0 || (lastLine != null && !last.equals(lastLine))) {
        throw new IOException("the process ended: " + last);
      }
      return seconds;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      end(process);
    }
  }

  /** Returns the line that was waited for, or the last one there was. */
  private String readUntilEnd(BufferedReader output) throws IOException {
    String last = "";
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      last = line;
      if (line.equals(lastLine)) {
        return line;
      }
    }
    return last;
  }

  /** Peaks only grow, so the last look before the end is nearly right. */
  private void watchMemory(Process process) {
    try {
      while (process.isAlive()) {
        PeakMemory.of(process.pid()).ifPresent(kib -> peakKib.accumulateAndGet(kib, Math::max));
        Thread.sleep(MILLISECONDS_BETWEEN_LOOKS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String version() {
    return version;
  }

  /** Nothing runs between repetitions. */
  @Override
  public void close() {}
}
