package io.github.diffusion4j.cli.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures a workload: every way of doing it is tried once, then the fastest of each side do it in
 * turn, so that whatever else happens on the machine hits both.
 *
 * @param rounds how often each side's turn comes
 * @param seconds roughly how long a turn lasts; a repetition is always finished
 * @param progress hears what is going on
 */
record Match(int rounds, double seconds, Consumer<String> progress) {
  private static final int MOST_REPETITIONS = 1000;

  Outcome play(Workload workload, Optional<Peer> peer) throws IOException {
    try (Qualifying ours = new Qualifying(workload.name(), "ours", this)) {
      ours.tryAll(workload.ours());
      if (peer.isEmpty()) {
        return new Outcome(workload, ours.side(alone(ours)), Optional.empty());
      }
      try (Qualifying theirs = new Qualifying(workload.name(), "peer", this)) {
        theirs.tryAll(workload.theirs(peer.get()));
        return inTurn(workload, ours, theirs);
      }
    }
  }

  private List<Laps> alone(Qualifying ours) throws IOException {
    List<Laps> laps = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      laps.add(ours.best().run(repetitions(ours.seconds())));
      say(ours, laps, round);
    }
    return laps;
  }

  private Outcome inTurn(Workload workload, Qualifying ours, Qualifying theirs) throws IOException {
    int repetitions = repetitions(Math.max(ours.seconds(), theirs.seconds()));
    List<Laps> mine = new ArrayList<>();
    List<Laps> others = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      mine.add(ours.best().run(repetitions));
      say(ours, mine, round);
      others.add(theirs.best().run(repetitions));
      say(theirs, others, round);
    }
    return new Outcome(workload, ours.side(mine), Optional.of(theirs.side(others)));
  }

  /** Returns how many repetitions fill a turn. */
  int repetitions(double secondsEach) {
    return (int) Math.max(1, Math.min(MOST_REPETITIONS, Math.rint(seconds / secondsEach)));
  }

  private void say(Qualifying side, List<Laps> laps, int round) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s, round %d of %d, %s",
            side,
            round,
            rounds,
            Display.time(laps.get(laps.size() - 1).median())));
  }
}
