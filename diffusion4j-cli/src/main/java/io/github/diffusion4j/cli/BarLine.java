package io.github.diffusion4j.cli;

import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * The line of a progress bar: the task, how much of it is done, a bar, and the state. Where the
 * terminal is narrow the bar is the first to shrink and go; then the state loses its parts, the
 * last of which matter most.
 */
final class BarLine implements ProgressBarRenderer {
  private static final int LONGEST_BAR = 30;
  private static final int SHORTEST_BAR = 5;
  private static final int BRACKETS = 4;
  private static final String GAP = "  ";

  private volatile List<String> state = List.of();

  /** Shows these parts of the state from now on. */
  void setState(List<String> parts) {
    state = List.copyOf(parts);
  }

  @Override
  public String render(ProgressState progress, int width) {
    String line = line(progress.getTaskName(), progress.getNormalizedProgress(), state, width);
    return line + " ".repeat(width - line.length()); // over what was there
  }

  /** Returns a line of at most {@code width} characters. */
  static String line(String task, double done, List<String> state, int width) {
    String head = String.format(Locale.ROOT, "%s %3d %%", task, (int) Math.floor(100 * done));
    List<String> shown = state;
    while (shown.size() > 1 && head.length() + GAP.length() + joined(shown).length() > width) {
      shown = shown.subList(1, shown.size());
    }
    String tail = shown.isEmpty() ? "" : GAP + joined(shown);
    int room = Math.min(LONGEST_BAR, width - head.length() - tail.length() - BRACKETS);
    String line = room < SHORTEST_BAR ? head + tail : head + GAP + bar(done, room) + tail;
    return line.length() <= width ? line : line.substring(0, Math.max(0, width));
  }

  private static String joined(List<String> parts) {
    return String.join(GAP, parts);
  }

  private static String bar(double done, int length) {
    int full = (int) Math.floor(done * length);
    return "[" + "#".repeat(full) + ".".repeat(length - full) + "]";
  }
}
