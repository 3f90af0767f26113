package io.github.diffusion4j.cli.bench;

import java.util.Optional;

/**
 * What came out of a workload.
 *
 * @param workload what was done
 * @param ours how we did
 * @param theirs how the other side did, if it took part
 */
record Outcome(Workload workload, Side ours, Optional<Side> theirs) {
  /** Returns how many times as long the other side took. */
  Optional<Ratio> ratio() {
    return theirs.map(side -> Ratio.of(ours.rounds(), side.rounds()));
  }
}
