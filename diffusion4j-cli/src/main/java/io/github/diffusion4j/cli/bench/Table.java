package io.github.diffusion4j.cli.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Outcomes as lines of text. */
final class Table {
  private static final String FORM = "%-16s %-34s %-40s %-20s %s%n";

  private final PrintStream out;

  Table(PrintStream out) {
    this.out = out;
  }

  void head() {
    out.printf(Locale.ROOT, FORM, "workload", "ours", "peer", "times as fast", "peak memory");
  }

  void row(Outcome outcome) {
    Workload workload = outcome.workload();
    Optional<Side> theirs = outcome.theirs();
    String memory = Display.memory(outcome.ours().peakKib());
    out.printf(
        Locale.ROOT,
        FORM,
        workload.name(),
        speed(workload, outcome.ours()),
        theirs.map(side -> speed(workload, side)).orElse("–"),
        outcome.ratio().map(Ratio::toString).orElse("–"),
        theirs.map(side -> memory + ", " + Display.memory(side.peakKib())).orElse(memory));
    theirs.ifPresent(
        side ->
            side.failed()
                .forEach((mode, why) -> out.printf(Locale.ROOT, "  peer, %s: %s%n", mode, why)));
    outcome
        .ours()
        .failed()
        .forEach((mode, why) -> out.printf(Locale.ROOT, "  ours, %s: %s%n", mode, why));
  }

  void failure(String workload, String why) {
    out.printf(Locale.ROOT, "%-16s failed: %s%n", workload, why);
  }

  private static String speed(Workload workload, Side side) {
    return Display.speed(workload.images(), side.seconds()) + ", " + side.mode();
  }

  /** Says what part of a real step is spent on what is no arithmetic, once both are measured. */
  void overhead(List<Outcome> outcomes) {
    Optional<Outcome> fixed = named(outcomes, Workloads.OVERHEAD);
    Optional<Outcome> real = named(outcomes, Workloads.REAL_STEP);
    if (fixed.isEmpty() || real.isEmpty()) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "fixed cost of a training step: %s",
        share(fixed.get().ours(), real.get().ours()));
    if (fixed.get().theirs().isPresent() && real.get().theirs().isPresent()) {
      out.printf(
          Locale.ROOT,
          "; of the peer: %s",
          share(fixed.get().theirs().get(), real.get().theirs().get()));
    }
    out.println();
  }

  private static Optional<Outcome> named(List<Outcome> outcomes, String name) {
    return outcomes.stream().filter(o -> o.workload().name().equals(name)).findFirst();
  }

  private static String share(Side fixed, Side real) {
    return String.format(
        Locale.ROOT,
        "%s, %.1f %% of %s",
        Display.time(fixed.seconds()),
        100 * fixed.seconds() / real.seconds(),
        Display.time(real.seconds()));
  }
}
