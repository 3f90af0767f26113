package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.plot.Range;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Score;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Density and score of points in the plane at some times.
 *
 * @param panels one for each time
 */
record PlaneFlow(List<Panel> panels) {
  /** What is shown of both axes. */
  static final Range PLACES = new Range(-2.2, 2.2);

  private static final int CELLS = 88;
  private static final int ARROWS = 13;
  private static final double[] NOISES = {0, 0.25, 0.5, 0.8, 1};

  /**
   * One time.
   *
   * @param t the time, at least 1: at 0 a network has nothing to say
   * @param density q(xₜ) in cells, {@code [column][row]} from the lower left
   * @param places where the score is given: x, y of the first, x, y of the second, …
   * @param score ∇ ln q(xₜ) there, in the same order
   */
  record Panel(int t, double[][] density, double[] places, double[] score) {
    /** Returns the density as shares of its highest value. */
    double[][] shares() {
      double highest = Arrays.stream(density).flatMapToDouble(Arrays::stream).max().orElse(1);
      return Arrays.stream(density)
          .map(column -> Arrays.stream(column).map(q -> q / highest).toArray())
          .toArray(double[][]::new);
    }
  }

  /** The given times with the score as {@code denoiser} sees it. */
  static PlaneFlow of(Flow flow, Denoiser denoiser, List<Integer> times) {
    return new PlaneFlow(
        times.stream()
            .map(
                t -> {
                  double[] places = lattice(ARROWS);
                  double[] score = score(denoiser, flow.schedule().level(t), places);
                  return new Panel(t, density(flow, t), places, score);
                })
            .toList());
  }

  /** Five times from hardly any noise to nothing else. */
  static List<Integer> times(NoiseSchedule schedule) {
    return Arrays.stream(NOISES)
        .mapToInt(
            noise ->
                IntStream.rangeClosed(1, schedule.steps())
                    .filter(t -> schedule.sqrtOneMinusAlphaBar(t) >= noise)
                    .findFirst()
                    .orElse(schedule.steps()))
        .distinct()
        .boxed()
        .toList();
  }

  private static double[][] density(Flow flow, int t) {
    double[] density = flow.density(t, lattice(CELLS));
    double[][] columns = new double[CELLS][];
    Arrays.setAll(columns, i -> Arrays.copyOfRange(density, i * CELLS, (i + 1) * CELLS));
    return columns;
  }

  private static double[] score(Denoiser denoiser, NoiseLevel level, double[] places) {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      float[] single = new float[places.length];
      for (int i = 0; i < single.length; i++) {
        single[i] = (float) places[i];
      }
      Tensor xt = Tensor.of(single, places.length / 2, 2);
      return Score.fromEpsilon(denoiser.estimate(xt, level).epsilonHat(), level)
          .reshape(-1)
          .toDoubles();
    }
  }

  /** The middles of cells × cells squares, column by column. */
  private static double[] lattice(int cells) {
    double side = (PLACES.to() - PLACES.from()) / cells;
    double[] places = new double[2 * cells * cells];
    for (int i = 0; i < cells * cells; i++) {
      int column = i / cells;
      int row = i % cells;
      places[2 * i] = PLACES.from() + (column + 0.5) * side;
      places[2 * i + 1] = PLACES.from() + (row + 0.5) * side;
    }
    return places;
  }

  /** Returns the density at all cells of all times. */
  Csv csv() {
    Csv csv = Csv.of("t,x,y,density");
    double[] places = lattice(CELLS);
    for (Panel panel : panels) {
      for (int i = 0; i < CELLS * CELLS; i++) {
        csv.row(panel.t, places[2 * i], places[2 * i + 1], panel.density[i / CELLS][i % CELLS]);
      }
    }
    return csv;
  }
}
