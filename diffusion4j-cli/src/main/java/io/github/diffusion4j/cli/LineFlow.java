package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.plot.Range;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The density of numbers at all times between data and noise.
 *
 * @param times from 0 to T
 * @param x the places
 * @param density {@code [time][place]}
 */
record LineFlow(int[] times, double[] x, double[][] density) {
  /** Where the numbers are shown; the standard normal law has all but 0.05 % of itself there. */
  static final Range PLACES = new Range(-3.5, 3.5);

  private static final int COLUMNS = 240;
  private static final int ROWS = 281;

  static LineFlow of(Flow flow) {
    int steps = flow.schedule().steps();
    int[] times =
        IntStream.rangeClosed(0, COLUMNS)
            .map(i -> (int) Math.rint((double) steps * i / COLUMNS))
            .distinct()
            .toArray();
    double[] x = PLACES.grid(ROWS);
    double[][] density =
        Arrays.stream(times).mapToObj(t -> flow.density(t, x)).toArray(double[][]::new);
    return new LineFlow(times, x, density);
  }

  /** Returns the density as shares of its highest value, as their roots: the eye sees more so. */
  double[][] shares() {
    double highest = Arrays.stream(density).flatMapToDouble(Arrays::stream).max().orElse(1);
    return Arrays.stream(density)
        .map(column -> Arrays.stream(column).map(q -> Math.sqrt(q / highest)).toArray())
        .toArray(double[][]::new);
  }

  Csv csv() {
    Csv csv = Csv.of("t,x,density");
    for (int i = 0; i < times.length; i++) {
      for (int j = 0; j < x.length; j++) {
        csv.row(times[i], x[j], density[i][j]);
      }
    }
    return csv;
  }
}
