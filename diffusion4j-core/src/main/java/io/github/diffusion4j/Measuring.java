package io.github.diffusion4j;

import io.github.diffusion4j.EvaluationReport.Row;
import io.github.diffusion4j.evaluation.DensityCoverage;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.Features;
import io.github.diffusion4j.evaluation.FrechetDistance;
import io.github.diffusion4j.evaluation.FrechetExtrapolation;
import io.github.diffusion4j.evaluation.InceptionScore;
import io.github.diffusion4j.evaluation.IntervalEstimate;
import io.github.diffusion4j.evaluation.KernelDistance;
import io.github.diffusion4j.evaluation.NeighborhoodEstimates;
import io.github.diffusion4j.evaluation.PrecisionRecall;
import io.github.diffusion4j.evaluation.ReferenceStatistics;
import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The metrics of one set of features, each with the protocol that is usual for it. */
record Measuring(
    FeatureNet net,
    ExtractedFeatures drawn,
    Optional<ExtractedFeatures> real,
    Optional<ReferenceStatistics> statistics,
    Seed seed) {
  private static final int SPLITS = 10;

  /** Returns the rows of a metric, which must have all that it needs. */
  List<Row> rows(Metric metric) {
    return switch (metric) {
      case FD -> List.of(row(net.distanceName(), frechet(), ""));
      case FD_INF -> List.of(row(net.distanceName() + " at infinity", extrapolated(), ""));
      case SFID -> List.of(row("s" + net.distanceName(), spatial(), ""));
      case KID -> List.of(kernel());
      case IS -> List.of(score());
      case PR -> precisionAndRecall();
      case DC -> densityAndCoverage();
      case MEMORIZATION -> throw new AssertionError(metric);
    };
  }

  private IntervalEstimate frechet() {
    return FrechetDistance.estimate(drawn.features(), statistics.orElseThrow().pooled());
  }

  private IntervalEstimate extrapolated() {
    int count = drawn.features().count();
    FrechetExtrapolation usual = FrechetExtrapolation.USUAL;
    FrechetExtrapolation fitting =
        count >= 2 * usual.least() && usual.least() > net.dimension()
            ? usual
            : new FrechetExtrapolation(Math.max(2, count / 2), usual.sizes());
    return fitting.estimate(
        statistics.orElseThrow().pooled(), drawn.features(), seed.derive("sizes"));
  }

  private IntervalEstimate spatial() {
    return FrechetDistance.estimate(
        drawn.spatial().orElseThrow(), statistics.orElseThrow().spatial().orElseThrow());
  }

  private Row kernel() {
    Features images = ofReal().features();
    int size =
        Math.min(KernelDistance.USUAL.size(), Math.min(images.count(), drawn.features().count()));
    KernelDistance distance = new KernelDistance(KernelDistance.USUAL.subsets(), Math.max(2, size));
    return row(
        isFid() ? "K" + net.distanceName().substring(1) : "KD-" + net.name(),
        distance.estimate(drawn.features(), images, seed.derive("kernel")),
        String.format(Locale.ROOT, "%d subsets of %d; ", distance.subsets(), size));
  }

  private Row score() {
    return row(
        isFid() ? net.distanceName().replaceFirst("FID", "IS") : "class score, " + net.name(),
        InceptionScore.estimate(drawn.logits().orElseThrow(), SPLITS),
        "");
  }

  private boolean isFid() {
    return net.distanceName().startsWith("FID");
  }

  private List<Row> precisionAndRecall() {
    int k = PrecisionRecall.USUAL_NEIGHBORS;
    Features some = asManyReal();
    NeighborhoodEstimates estimates = neighborhoods(some);
    String how = String.format(Locale.ROOT, "k = %d, %,d real; ", k, some.count());
    return List.of(
        row("precision", estimates.precision(k), how), row("recall", estimates.recall(k), how));
  }

  private List<Row> densityAndCoverage() {
    int k = DensityCoverage.USUAL_NEIGHBORS;
    Features some = asManyReal();
    NeighborhoodEstimates estimates = neighborhoods(some);
    String how = String.format(Locale.ROOT, "k = %d, %,d real; ", k, some.count());
    return List.of(
        row("density", estimates.density(k), how), row("coverage", estimates.coverage(k), how));
  }

  private NeighborhoodEstimates neighborhoods(Features some) {
    return new NeighborhoodEstimates(some, drawn.features(), seed.derive("neighborhoods"));
  }

  /** As many real images as samples: balls of more images would be smaller. */
  private Features asManyReal() {
    Features all = ofReal().features();
    int count = Math.min(all.count(), drawn.features().count());
    return count == all.count()
        ? all
        : all.choose(Arrays.copyOf(seed.derive("real").permutation(all.count()), count));
  }

  private ExtractedFeatures ofReal() {
    return real.orElseThrow();
  }

  private static Row row(String name, IntervalEstimate estimate, String how) {
    return new Row(name, estimate.value(), estimate.interval(), how + estimate.how());
  }
}
