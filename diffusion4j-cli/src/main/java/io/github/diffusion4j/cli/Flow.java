package io.github.diffusion4j.cli;

import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.DdimSampler;
import io.github.diffusion4j.sampling.DdpmSampler;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.PointNoise;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;

/**
 * Points between data and noise, and three ways from one to the other.
 *
 * @param law the law of the data
 * @param schedule the schedule of the process
 * @param forward data becoming noise, step by step
 * @param ancestral noise becoming data with fresh noise in each step, the reverse of the SDE
 * @param ode the same noise becoming data by the probability-flow ODE
 */
record Flow(
    GaussianMixture law,
    NoiseSchedule schedule,
    Trajectories forward,
    Trajectories ancestral,
    Trajectories ode) {
  private static final int MOST_STEPS = 250;
  private static final int CHUNK = 1024;

  static Flow of(
      GaussianMixture law, NoiseSchedule schedule, Denoiser denoiser, int paths, Seed seed) {
    SubSequence steps =
        SubSequence.trailing(schedule.steps(), Math.min(schedule.steps(), MOST_STEPS));
    NoiseSource drawn = new PointNoise(seed.derive("reverse"), 0);
    NoiseSource noise = law.dimensions() == 1 ? new EvenNoise(drawn) : drawn;
    try (Scope scope = Scope.open()) {
      return new Flow(
          law,
          schedule,
          Trajectories.forward(
              new ForwardProcess(schedule),
              law.sample(paths, seed.derive("data")),
              seed.derive("forward")),
          Trajectories.of(
              new DdpmSampler(schedule, steps, FixedVariance.BETA_TILDE),
              denoiser,
              noise,
              paths,
              law.dimensions()),
          Trajectories.of(
              new DdimSampler(schedule, steps, 0), denoiser, noise, paths, law.dimensions()));
    }
  }

  /**
   * Returns the density q(xₜ) at many places.
   *
   * @param places the numbers of one place after those of another
   */
  double[] density(int t, double[] places) {
    GaussianMixture atT = law.at(schedule.level(t));
    int dimensions = law.dimensions();
    double[] result = new double[places.length / dimensions];
    for (int first = 0; first < result.length; first += CHUNK) {
      int count = Math.min(CHUNK, result.length - first);
      double[] chunk = Arrays.copyOfRange(places, first * dimensions, (first + count) * dimensions);
      try (Scope scope = Scope.open()) {
        double[] density = atT.logDensity(Tensor.of(chunk, count, dimensions)).exp().toDoubles();
        System.arraycopy(density, 0, result, first, count);
      }
    }
    return result;
  }

  /** Returns all moments of all paths. */
  Csv paths() {
    Csv csv = Csv.of("kind,path,t," + (law.dimensions() == 1 ? "x" : "x,y"));
    forward.addTo(csv, "forward");
    ancestral.addTo(csv, "ancestral");
    ode.addTo(csv, "ode");
    return csv;
  }
}
