package io.github.diffusion4j.cli;

import io.github.diffusion4j.RunDivergedException;
import java.util.Locale;

/** What a person can do after a training has diverged. */
final class DivergenceAdvice {
  private static final double LOWER = 0.5;

  private DivergenceAdvice() {}

  /** Returns what happened and what to do, in one line. */
  static String of(RunDivergedException problem) {
    String peak =
        String.format(Locale.ROOT, "--training.learningRate.peak=%.3g", LOWER * problem.peak());
    String itself = "; --training.onDivergence=lower-rate goes back and lowers the rate by itself";
    return problem.getMessage()
        + problem
            .lastGood()
            .map(
                checkpoint ->
                    String.format(
                        Locale.ROOT,
                        "; last good checkpoint %s; to go on from it: ./diffusion4j train --resume --out %s %s",
                        checkpoint,
                        problem.folder(),
                        peak))
            .orElseGet(
                () ->
                    "; no checkpoint had been written; begin again with another --out and " + peak)
        + itself;
  }
}
