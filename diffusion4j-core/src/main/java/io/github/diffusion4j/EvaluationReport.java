package io.github.diffusion4j;

import io.github.diffusion4j.evaluation.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was measured of a set of images, with all that decides the numbers.
 *
 * @param protocol how it was measured
 * @param rows what was measured
 * @param warnings what to know before numbers are believed
 */
public record EvaluationReport(Protocol protocol, List<Row> rows, List<String> warnings) {

  /**
   * How it was measured.
   *
   * @param net the network and what it does to images
   * @param netFingerprint SHA-256 over its weights and protocol
   * @param shape of the images, [C, H, W]
   * @param samples how many images were measured
   * @param drawn what they are
   * @param samplesFingerprint names them
   * @param real what they were compared with, if anything
   * @param realFingerprint names those images, where they were seen themselves
   * @param seed of subsets
   */
  public record Protocol(
      String net,
      String netFingerprint,
      String shape,
      int samples,
      String drawn,
      String samplesFingerprint,
      Optional<String> real,
      Optional<String> realFingerprint,
      long seed) {

    /** Returns all in a line, but for the fingerprints. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s of %,d images %s (%s)%s; subsets by seed %d",
          net,
          samples,
          shape,
          drawn,
          real.map(text -> " against " + text).orElse(""),
          seed);
    }
  }

  /**
   * One number.
   *
   * @param metric its name
   * @param value the number
   * @param interval of 95 %, if it has one
   * @param how it was measured: sizes, subsets, and how the interval was won
   */
  public record Row(String metric, double value, Optional<Interval> interval, String how) {}

  /** Copies the lists. */
  public EvaluationReport {
    rows = List.copyOf(rows);
    warnings = List.copyOf(warnings);
  }

  /** Returns this report with one more warning. */
  EvaluationReport with(String warning) {
    List<String> more = new ArrayList<>(warnings);
    more.add(warning);
    return new EvaluationReport(protocol, rows, more);
  }

  /** Returns the row of a metric, if it was measured. */
  public Optional<Row> row(String metric) {
    return rows.stream().filter(row -> row.metric().equals(metric)).findFirst();
  }
}
