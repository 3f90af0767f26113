package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Intervals of 95 % hold the truth in about 95 of 100 experiments whose truth is known. */
class CoverageOfIntervalsTest {
  private static final int DIMENSION = 3;
  private static final double SHIFT = 0.5;
  private static final double SCALE = 1.4;

  /** Shares of this many experiments lie within 0.05 of 0.95, but for 1 time in 800. */
  private static final int EXPERIMENTS = 200;

  /** The mean of the distances at this size, which is larger than at infinity. */
  @Test
  void frechetDistance_otherLaw_isCovered() {
    List<IntervalEstimate> estimates =
        repeat(seed -> FrechetDistance.estimate(shifted(seed, 300), standardNormal()));

    double mean = estimates.stream().mapToDouble(IntervalEstimate::value).average().orElseThrow();
    assertThat(covered(estimates, mean)).isBetween(0.9, 0.99);
    assertThat(mean).isGreaterThan(distance());
  }

  /** The squared distance of the laws themselves: |shift|² + Σ (σ − 1)². */
  @Test
  void frechetExtrapolation_otherLaw_isCovered() {
    FrechetExtrapolation few = new FrechetExtrapolation(100, 8);
    List<IntervalEstimate> estimates =
        repeat(seed -> few.estimate(standardNormal(), shifted(seed, 400), seed.derive("subsets")));

    assertThat(covered(estimates, distance())).isBetween(0.9, 0.995);
  }

  /** Samples of the reference itself: no first derivative is left, and the interval is too wide. */
  @Test
  void frechetDistance_sameLaw_isCoveredAtLeastAsOften() {
    List<IntervalEstimate> estimates =
        repeat(
            seed ->
                FrechetDistance.estimate(
                    Features.of(seed.normal(300, DIMENSION)), standardNormal()));

    double mean = estimates.stream().mapToDouble(IntervalEstimate::value).average().orElseThrow();
    assertThat(covered(estimates, mean)).isGreaterThan(0.9);
  }

  @Test
  void kernelDistance_otherLaw_isCovered() {
    assertThat(coveredKernelDistance(new KernelDistance(10, 150), 300)).isBetween(0.9, 1.0);
  }

  /** Few subsets that are drawn see a part of the samples only, of which 20 blocks know nothing. */
  @Test
  void kernelDistance_fewSubsetsOfManySamples_isCovered() {
    assertThat(coveredKernelDistance(new KernelDistance(5, 20), 400)).isBetween(0.88, 1.0);
  }

  /** In one dimension the kernel distance of two normal laws is a polynomial of their moments. */
  private static double coveredKernelDistance(KernelDistance distance, int samples) {
    double m2 = 1 + SHIFT * SHIFT;
    double m3 = SHIFT * SHIFT * SHIFT + 3 * SHIFT;
    double ofShifted = m3 * m3 + 3 * m2 * m2 + 3 * SHIFT * SHIFT + 1;
    double truth = 4 + ofShifted - 2 * (3 * m2 + 1);
    List<IntervalEstimate> estimates =
        repeat(
            seed ->
                distance.estimate(
                    Features.of(seed.derive("a").normal(samples, 1)),
                    Features.of(seed.derive("b").normal(samples, 1).plus(SHIFT)),
                    seed.derive("subsets")));
    return covered(estimates, truth);
  }

  /**
   * Real samples 0, 1, …, 39 have balls of radius 1 and generated ones lie evenly in [−21.5, 60.5),
   * so half of them lie in a ball; two balls hold each point of (0, 39) and one those of (−1, 0)
   * and (39, 40); a ball stays empty with probability (1 − 2 / 82)^N.
   */
  @Test
  void neighborhoods_pointsOnALine_areCovered() {
    int samples = 60;
    Function<Seed, NeighborhoodEstimates> experiment = onALine(samples, -21.5, 82);

    assertThat(covered(repeat(seed -> experiment.apply(seed).precision(1)), 0.5))
        .isBetween(0.9, 0.99);
    assertThat(covered(repeat(seed -> experiment.apply(seed).density(1)), 80.0 / 82))
        .isBetween(0.9, 0.99);
    assertThat(
            covered(
                repeat(seed -> experiment.apply(seed).coverage(1)),
                1 - Math.pow(80.0 / 82, samples)))
        .isBetween(0.9, 1.0);
    List<IntervalEstimate> recall = repeat(seed -> experiment.apply(seed).recall(1));
    double mean = recall.stream().mapToDouble(IntervalEstimate::value).average().orElseThrow();
    assertThat(covered(recall, mean)).isBetween(0.9, 1.0);
  }

  /**
   * As above, but generated samples lie evenly in [−21.5, 2978.5): in half of the experiments none
   * is in a ball, and a jackknife alone is sure of 0.
   */
  @Test
  void neighborhoods_rareHits_areCovered() {
    int samples = 60;
    double width = 3000;
    Function<Seed, NeighborhoodEstimates> experiment = onALine(samples, -21.5, width);

    List<IntervalEstimate> precision = repeat(seed -> experiment.apply(seed).precision(1));
    assertThat(precision).filteredOn(estimate -> estimate.value() == 0).hasSizeBetween(60, 120);
    assertThat(covered(precision, 41 / width)).isBetween(0.9, 1.0);
    assertThat(covered(repeat(seed -> experiment.apply(seed).density(1)), 80 / width))
        .isBetween(0.9, 1.0);
    assertThat(
            covered(
                repeat(seed -> experiment.apply(seed).coverage(1)),
                1 - Math.pow(1 - 2 / width, samples)))
        .isBetween(0.9, 1.0);
  }

  /**
   * Generated samples lie evenly in [0.03, 0.93), between the real samples 0 and 1. The ball around
   * the outermost reaches the real one if the second spacing exceeds the first by the gap c, in
   * units of the width: with probability (1 − c)^N / 2, as spacings have no memory.
   */
  @Test
  void recall_rareHits_isCovered() {
    int samples = 60;
    double left = Math.pow(1 - 0.03 / 0.9, samples) / 2;
    double right = Math.pow(1 - 0.07 / 0.9, samples) / 2;
    Function<Seed, NeighborhoodEstimates> experiment = onALine(samples, 0.03, 0.9);

    List<IntervalEstimate> recall = repeat(seed -> experiment.apply(seed).recall(1));

    assertThat(recall).filteredOn(estimate -> estimate.value() == 0).hasSizeBetween(170, 198);
    assertThat(covered(recall, (left + right) / 40)).isBetween(0.95, 1.0);
  }

  /**
   * No sample near another set: each interval ends at the bound for 0 of n, with n the generated
   * samples for precision and density, the real ones for coverage, and for recall the real ones or
   * the generated ones by k, whichever are fewer.
   */
  @Test
  void neighborhoods_noHits_endAtTheBound() {
    try (Scope scope = Scope.open()) {
      NeighborhoodEstimates far = onALine(60, 1000, 1).apply(Seed.of(1));

      assertEndsAt(bound(60), far.precision(3));
      assertEndsAt(bound(60), far.density(3));
      assertEndsAt(bound(40), far.coverage(3));
      assertEndsAt(bound(40), far.recall(1));
      assertEndsAt(bound(20), far.recall(3));
    }
  }

  /** All samples everywhere: the mirror image. */
  @Test
  void neighborhoods_onlyHits_beginAtTheBound() {
    try (Scope scope = Scope.open()) {
      Features line = Features.of(Tensor.arange(40).reshape(40, 1));
      NeighborhoodEstimates same = new NeighborhoodEstimates(line, line, Seed.of(1));

      assertThat(same.coverage(3).value()).isEqualTo(1);
      assertThat(same.coverage(3).interval().orElseThrow().low())
          .isLessThanOrEqualTo(1 - bound(40) + 1e-15);
      assertThat(same.recall(2).value()).isEqualTo(1);
      assertThat(same.recall(2).interval().orElseThrow().low())
          .isLessThanOrEqualTo(1 - bound(20) + 1e-15);
    }
  }

  private static void assertEndsAt(double high, IntervalEstimate estimate) {
    assertThat(estimate.value()).isZero();
    assertThat(estimate.interval().orElseThrow().low()).isZero();
    assertThat(estimate.interval().orElseThrow().high()).isCloseTo(high, within(1e-12));
  }

  /** Wilson's bound for nothing of n, or the exact one if that is larger. */
  private static double bound(double trials) {
    double z = 1.959963984540054;
    return Math.max(z * z / (trials + z * z), 1 - Math.pow(0.025, 1 / trials));
  }

  /** Estimates of samples that lie evenly in [from, from + width) against 0, 1, …, 39. */
  private static Function<Seed, NeighborhoodEstimates> onALine(
      int samples, double from, double width) {
    Features real;
    try (Scope scope = Scope.open()) {
      real = Features.of(Tensor.arange(40).reshape(40, 1));
    }
    return seed ->
        new NeighborhoodEstimates(
            real,
            Features.of(seed.derive("x").uniform(samples, 1).times(width).plus(from)),
            seed.derive("groups"));
  }

  /** Values are those of the metrics themselves; only the intervals are new. */
  @Test
  void estimates_values_areThoseOfTheMetrics() {
    try (Scope scope = Scope.open()) {
      Features a = Features.of(Seed.of(1).normal(60, DIMENSION));
      Features b = shifted(Seed.of(2), 50);
      NeighborhoodEstimates estimates = new NeighborhoodEstimates(a, b, Seed.of(3));

      assertThat(estimates.precision(3).value()).isEqualTo(PrecisionRecall.of(a, b, 3).precision());
      assertThat(estimates.recall(3).value()).isEqualTo(PrecisionRecall.of(a, b, 3).recall());
      assertThat(estimates.density(5).value())
          .isCloseTo(DensityCoverage.of(a, b, 5).density(), within(1e-12));
      assertThat(estimates.coverage(5).value()).isEqualTo(DensityCoverage.of(a, b, 5).coverage());
      assertThat(FrechetDistance.estimate(b, GaussianStatistics.of(a)).value())
          .isCloseTo(FrechetDistance.between(a, b), within(1e-12));
      assertThat(new KernelDistance(5, 20).estimate(a, b, Seed.of(4)).value())
          .isEqualTo(new KernelDistance(5, 20).between(a, b, Seed.of(4)).mean());
      assertThat(InceptionScore.estimate(b, 5).value()).isEqualTo(InceptionScore.of(b, 5).mean());
    }
  }

  @Test
  void estimates_fewSamples_areRefused() {
    try (Scope scope = Scope.open()) {
      Features few = Features.of(Seed.of(1).normal(19, 2));
      assertThatThrownBy(() -> new NeighborhoodEstimates(few, few, Seed.of(1)))
          .hasMessageContaining("a set has 19 samples; allowed: 20 or more");
      assertThatThrownBy(() -> new KernelDistance(5, 5).estimate(few, few, Seed.of(1)))
          .hasMessageContaining("a set has 19 samples; allowed: 20 or more");
    }
  }

  /** The derivative of the distance when a little weight moves to one sample. */
  @Test
  void influence_ofASample_isTheDerivativeByItsWeight() {
    try (Scope scope = Scope.open()) {
      Features samples = shifted(Seed.of(5), 20);
      Features reference =
          Features.of(Seed.of(6).normal(30, DIMENSION).matmul(Seed.of(7).normal(3, DIMENSION)));
      GaussianStatistics own = GaussianStatistics.of(samples);
      GaussianStatistics other = GaussianStatistics.of(reference);
      double[] influences = FrechetInfluence.of(samples, own, other);

      double first = derivative(own, other, samples.choose(0));
      for (int i = 1; i < 20; i++) {
        double difference = derivative(own, other, samples.choose(i)) - first;
        assertThat(influences[i] - influences[0]).isCloseTo(difference, within(1e-4));
      }
    }
  }

  private static double derivative(GaussianStatistics own, GaussianStatistics other, Features one) {
    double step = 1e-5;
    return (FrechetDistance.between(moved(own, one, step), other)
            - FrechetDistance.between(moved(own, one, -step), other))
        / (2 * step);
  }

  private static GaussianStatistics moved(GaussianStatistics own, Features one, double weight) {
    Tensor off = one.rows().minus(own.mean());
    Tensor mean = own.mean().plus(off.reshape(-1).times(weight));
    Tensor outer = off.permute(1, 0).matmul(off).times(weight * (1 - weight));
    Tensor covariance = own.covariance().times(1 - weight).plus(outer);
    return GaussianStatistics.of(mean.toDoubles(), covariance.toDoubles());
  }

  private static List<IntervalEstimate> repeat(Function<Seed, IntervalEstimate> experiment) {
    List<IntervalEstimate> estimates = new ArrayList<>();
    for (int i = 0; i < EXPERIMENTS; i++) {
      try (Scope scope = Scope.open()) {
        estimates.add(experiment.apply(Seed.of(11).derive(i)));
      }
    }
    return estimates;
  }

  private static double covered(List<IntervalEstimate> estimates, double truth) {
    return estimates.stream().filter(one -> one.interval().orElseThrow().holds(truth)).count()
        / (double) estimates.size();
  }

  private static Features shifted(Seed seed, int count) {
    return Features.of(seed.normal(count, DIMENSION).times(SCALE).plus(SHIFT));
  }

  private static double distance() {
    return DIMENSION * (SHIFT * SHIFT + (SCALE - 1) * (SCALE - 1));
  }

  private static GaussianStatistics standardNormal() {
    double[] identity = new double[DIMENSION * DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      identity[i * DIMENSION + i] = 1;
    }
    return GaussianStatistics.of(new double[DIMENSION], identity);
  }
}
