package io.github.diffusion4j.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** How far a long job is: a bar on a terminal, a plain line now and then elsewhere. */
interface Progress extends AutoCloseable {
  /**
   * Shows the state of the job.
   *
   * @param done the part that is done, in [0, 1]
   * @param state what else there is to say, in a few words each; the last matter most
   */
  void show(double done, String... state);

  /** Prints a line of its own, without destroying the bar. */
  void say(String line);

  @Override
  void close();

  /** Returns what fits where the output goes to. */
  static Progress of(String task) {
    return hasBar() ? new Bar(task) : new Lines(task, System.out);
  }

  /** Returns what fits where the errors go to, so that the output holds results alone. */
  static Progress onErrors(String task) {
    return hasBar() ? new Bar(task) : new Lines(task, StandardOutput.remarks());
  }

  private static boolean hasBar() {
    return !StandardOutput.isQuiet() && isTerminal() && System.getenv("NO_PROGRESS_BAR") == null;
  }

  /** From JDK 22 on there may be a console whose output goes to a file; it says so itself. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true; // before JDK 22 there is a console only for a terminal
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** A bar that is redrawn in place. */
  final class Bar implements Progress {
    private static final int UNITS = 1000;
    private final BarLine line = new BarLine();
    private final ProgressBar bar;

    Bar(String task) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(UNITS)
              .setRenderer(line)
              .setConsumer(new ConsoleProgressBarConsumer(System.err)) // no line of its own
              .setUpdateIntervalMillis(200)
              .build();
    }

    @Override
    public void show(double done, String... state) {
      line.setState(List.of(state));
      bar.stepTo(Math.round(done * UNITS));
    }

    @Override
    public void say(String line) {
      bar.pause();
      System.out.printf(Locale.ROOT, "\r\033[K%s%n", line);
      bar.resume();
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** A line every ten seconds. */
  final class Lines implements Progress {
    private static final long INTERVAL_NANOS = 10_000_000_000L;
    private final String task;
    private final PrintStream out;
    private long last = System.nanoTime() - INTERVAL_NANOS;

    Lines(String task, PrintStream out) {
      this.task = task;
      this.out = out;
    }

    @Override
    public void show(double done, String... state) {
      long now = System.nanoTime();
      if (now - last >= INTERVAL_NANOS || done >= 1) {
        last = now;
        out.printf(Locale.ROOT, "%s %3.0f %%  %s%n", task, 100 * done, String.join("  ", state));
      }
    }

    @Override
    public void say(String line) {
      out.println(line);
    }

    @Override
    public void close() {
      out.flush();
    }
  }
}
