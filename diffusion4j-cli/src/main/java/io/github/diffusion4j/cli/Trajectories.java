package io.github.diffusion4j.cli;

import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Points on their way through time.
 *
 * @param times the times at which they were seen, in the order of seeing
 * @param positions where they were: {@code [moment][point · D + dimension]}
 * @param dimensions D
 */
record Trajectories(double[] times, double[][] positions, int dimensions) {

  /** The points {@code x0}, [N, D], on one walk of the forward process, step by step. */
  static Trajectories forward(ForwardProcess process, Tensor x0, Seed seed) {
    Recorder recorder = new Recorder();
    int count = (int) x0.size(0);
    try (Scope scope = Scope.open()) {
      Tensor x = x0.to(DType.F64);
      recorder.see(0, x);
      for (int t = 1; t <= process.schedule().steps(); t++) {
        int[] same = new int[count];
        Arrays.fill(same, t);
        x = process.step(x, same, seed.derive(t).normal(x.shape()).to(DType.F64));
        recorder.see(t, x);
      }
    }
    return recorder.trajectories((int) x0.size(1));
  }

  /** The way of a sampler from noise to {@code count} points of D dimensions. */
  static Trajectories of(
      Sampler sampler, Denoiser denoiser, NoiseSource noise, int count, int dimensions) {
    Recorder recorder = new Recorder();
    try (Scope scope = Scope.open()) {
      Tensor last =
          sampler.sample(
              denoiser,
              noise,
              step -> recorder.see(step.level().t(), step.xt()),
              count,
              dimensions);
      recorder.see(0, last);
    }
    return recorder.trajectories(dimensions);
  }

  private static final class Recorder {
    private final List<Double> times = new ArrayList<>();
    private final List<double[]> positions = new ArrayList<>();

    void see(double t, Tensor x) {
      times.add(t);
      positions.add(x.reshape(-1).toDoubles());
    }

    Trajectories trajectories(int dimensions) {
      return new Trajectories(
          times.stream().mapToDouble(Double::doubleValue).toArray(),
          positions.toArray(double[][]::new),
          dimensions);
    }
  }

  /** Returns N, the number of points. */
  int count() {
    return positions[0].length / dimensions;
  }

  /** Returns one number of one point at all moments. */
  double[] series(int point, int dimension) {
    return Arrays.stream(positions).mapToDouble(x -> x[point * dimensions + dimension]).toArray();
  }

  /** Returns the way from its beginning up to the moment that is nearest to time {@code t}. */
  Trajectories until(double t) {
    int nearest = 0;
    for (int i = 1; i < times.length; i++) {
      if (Math.abs(times[i] - t) < Math.abs(times[nearest] - t)) {
        nearest = i;
      }
    }
    return new Trajectories(
        Arrays.copyOf(times, nearest + 1), Arrays.copyOf(positions, nearest + 1), dimensions);
  }

  /** Adds a row for each moment of each point: kind, point, t and the point's numbers. */
  void addTo(Csv csv, String kind) {
    for (int point = 0; point < count(); point++) {
      for (int i = 0; i < times.length; i++) {
        Object[] row = new Object[3 + dimensions];
        row[0] = kind;
        row[1] = point;
        row[2] = times[i];
        for (int d = 0; d < dimensions; d++) {
          row[3 + d] = positions[i][point * dimensions + d];
        }
        csv.row(row);
      }
    }
  }
}
