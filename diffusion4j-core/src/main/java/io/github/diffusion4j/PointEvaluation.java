package io.github.diffusion4j;

import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.data.PointDistribution;
import io.github.diffusion4j.evaluation.MaximumMeanDiscrepancy;
import io.github.diffusion4j.evaluation.SlicedWasserstein;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * How far the points of a model are from fresh points of the distribution it was to learn, beside
 * the floor: how far two fresh sets are from each other.
 *
 * @param points N, the size of every set
 * @param directions of the sliced Wasserstein distance
 * @param bandwidths of the kernel of the maximum mean discrepancy
 * @param slicedWasserstein the distance itself, in units of the points; its floor is above 0
 * @param squaredDiscrepancy MMD²; its floor is 0 but for chance, and it may be negative
 */
public record PointEvaluation(
    int points,
    int directions,
    List<Double> bandwidths,
    Compared slicedWasserstein,
    Compared squaredDiscrepancy) {
  private static final int POINTS = 5000;
  private static final int DIRECTIONS = 200;
  private static final List<Double> BANDWIDTHS = List.of(0.05, 0.2, 0.8);
  private static final int FLOORS = 10;

  /**
   * One measure.
   *
   * @param model of points of the model and fresh ones
   * @param floor of fresh points and other fresh ones, a mean
   * @param floorDeviation by how much the floor varies from one pair of sets to the next
   */
  public record Compared(double model, double floor, double floorDeviation) {
    /** Returns how many deviations the model is above the floor; beyond 3 is no chance. */
    public double deviationsAboveFloor() {
      return (model - floor) / floorDeviation;
    }
  }

  /** Draws points from the model and compares them. */
  public static PointEvaluation of(
      DiffusionModel model, PointDistribution truth, SamplingConfig sampling, Seed seed) {
    try (Scope scope = Scope.open()) {
      Tensor drawn = model.sample(SampleRequest.of(POINTS), sampling, SamplingListener.NONE);
      return of(drawn, truth, seed);
    }
  }

  /**
   * Compares points that were drawn before.
   *
   * @param drawn [N, D]
   */
  public static PointEvaluation of(Tensor drawn, PointDistribution truth, Seed seed) {
    SlicedWasserstein wasserstein = new SlicedWasserstein(DIRECTIONS, seed.derive("directions"));
    MaximumMeanDiscrepancy discrepancy = new MaximumMeanDiscrepancy(BANDWIDTHS);
    int count = (int) drawn.size(0);
    Seed fresh = seed.derive("fresh");
    return new PointEvaluation(
        count,
        DIRECTIONS,
        BANDWIDTHS,
        compared(
            drawn, truth, fresh, (a, b) -> Math.sqrt(wasserstein.squaredDistance(a, b).value())),
        compared(drawn, truth, fresh, (a, b) -> discrepancy.squared(a, b).value()));
  }

  private static Compared compared(
      Tensor drawn,
      PointDistribution truth,
      Seed seed,
      ToDoubleBiFunction<Tensor, Tensor> measure) {
    int count = (int) drawn.size(0);
    try (Scope scope = Scope.open()) {
      double model = measure.applyAsDouble(drawn, truth.draw(count, seed.derive(0)).points());
      double[] floors = new double[FLOORS];
      for (int i = 0; i < FLOORS; i++) {
        Tensor a = truth.draw(count, seed.derive(2L * i + 1)).points();
        Tensor b = truth.draw(count, seed.derive(2L * i + 2)).points();
        floors[i] = measure.applyAsDouble(a, b);
      }
      double mean = Arrays.stream(floors).average().orElseThrow();
      double squares = Arrays.stream(floors).map(f -> (f - mean) * (f - mean)).sum();
      return new Compared(model, mean, Math.sqrt(squares / (FLOORS - 1)));
    }
  }
}
