package io.github.diffusion4j.cli;

import io.github.diffusion4j.checkpoint.ModelCard.Measurement;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.evaluation.DigitScore;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.training.Trainer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a quickstart measured, as rows of a table. */
final class Measurements {
  private static final double OVERTIME = 1.1;

  private final Map<String, String> rows = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Object> numbers = new LinkedHashMap<>();

  void training(Trainer trainer, ExperimentConfig config) {
    long images = trainer.step() * config.training().batch();
    row("training time", "%s", Durations.of(trainer.elapsedSeconds()));
    numbers.put("training time", trainer.elapsedSeconds());
    row("threads", "%d", Engine.threads());
    row("parameters", "%,d", trainer.parameterCount());
    row("steps", "%,d", trainer.step());
    row("images seen", "%,d", images);
    row("images per second", "%.0f", images / trainer.elapsedSeconds());
  }

  void sampling(int count, double seconds) {
    row("time to draw " + count, "%.1f s", seconds);
  }

  /** How good the samples are, beside as many real digits. */
  void judged(DigitScore score, DigitScore real) {
    row("samples judged", "%d", score.samples());
    row("FD-digits", "%.1f", score.frechetDistance());
    row("FD-digits of real ones", "%.1f", real.frechetDistance());
    row("read with confidence", "%.0f %%", 100 * score.confidentShare());
    row("real ones read so", "%.0f %%", 100 * real.confidentShare());
    row("read as 0 … 9", "%s", score.countPerDigit());
    row("spread over the digits", "%.3f of 1", score.spread());
  }

  /** How long all of it took, and what had to be less because of that. */
  void time(Deadline deadline, List<String> reductions) {
    row("time in all", "%s", Durations.of(deadline.elapsed()));
    notes.addAll(reductions);
    if (deadline.elapsed() > OVERTIME * deadline.seconds()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "It took %s instead of %s: too little time for loading, drawing and judging, or the machine has become slower.",
              Durations.of(deadline.elapsed()),
              Durations.of(deadline.seconds())));
    }
  }

  /** Returns what a reader of the numbers must know, a sentence each. */
  List<String> notes() {
    return notes;
  }

  /** Returns how good the samples were found to be, for the model's page. */
  static List<Measurement> judgement(DigitScore score, SamplingConfig sampling) {
    String samples =
        String.format(
            Locale.ROOT,
            ", %d samples, %s with %d steps",
            score.samples(),
            Word.of(sampling.sampler()),
            sampling.steps());
    return List.of(
        new Measurement(
            "FD-digits" + samples, String.format(Locale.ROOT, "%.1f", score.frechetDistance())),
        new Measurement(
            "read with confidence" + samples,
            String.format(Locale.ROOT, "%.0f %%", 100 * score.confidentShare())),
        new Measurement(
            "spread over the digits" + samples,
            String.format(Locale.ROOT, "%.3f of 1", score.spread())));
  }

  private void row(String name, String format, Object value) {
    rows.put(name, String.format(Locale.ROOT, format, value));
    numbers.put(name, value);
  }

  /** Returns the same without rounding; times are in seconds, shares as in the rows. */
  Map<String, Object> numbers() {
    return numbers;
  }

  Map<String, String> rows() {
    return rows;
  }

  void print(PrintStream out) {
    out.println();
    rows.forEach((name, value) -> out.printf(Locale.ROOT, "  %-24s %s%n", name, value));
    notes.forEach(out::println);
  }
}
