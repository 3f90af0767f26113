package io.github.diffusion4j;

import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.RealImages.Summarized;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.GaussianStatistics;
import io.github.diffusion4j.evaluation.ReferenceStatistics;
import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Measures a set of images by the features that a network sees in them.
 *
 * @param net the network, which stays the caller's
 * @param extraction where features are kept
 */
public record Evaluation(FeatureNet net, FeatureExtraction extraction) {

  /**
   * Checks that {@link #measure} will be able to measure.
   *
   * @throws UserException if a metric needs other images, more of them, or another network, or this
   *     network cannot see them
   */
  public void require(ImageSource samples, Optional<RealImages> real, Set<Metric> metrics) {
    Requirements requirements = new Requirements(net, metrics);
    requirements.ofSamples(samples);
    requirements.ofReal(real, samples);
  }

  /**
   * Measures {@code samples}.
   *
   * @param real what they are compared with; may be empty for metrics that see no real images
   * @param seed decides all subsets
   * @throws UserException as {@link #require}, before anything is drawn
   * @throws IllegalArgumentException if features are not finite
   */
  public EvaluationReport measure(
      ImageSource samples, Optional<RealImages> real, Set<Metric> metrics, long seed)
      throws IOException {
    require(samples, real, metrics);
    extraction.complete(samples, nets(samples, metrics), FeatureExtraction.Share.ALL);
    ExtractedFeatures drawn = extraction.read(samples, net);
    Optional<ExtractedFeatures> ofReal = Optional.empty();
    if (real.orElse(null) instanceof Known known) {
      extraction.complete(known.images(), nets(samples, metrics), FeatureExtraction.Share.ALL);
      ofReal = Optional.of(extraction.read(known.images(), net));
    }
    Optional<ReferenceStatistics> statistics =
        real.orElse(null) instanceof Summarized summarized
            ? Optional.of(summarized.statistics())
            : ofReal.filter(images -> needStatistics(metrics)).map(Evaluation::statistics);
    Measuring measuring = new Measuring(net, drawn, ofReal, statistics, Seed.of(seed));
    List<EvaluationReport.Row> rows = new ArrayList<>();
    for (Metric metric : metrics) {
      if (metric == Metric.MEMORIZATION) {
        Known known = (Known) real.orElseThrow();
        rows.addAll(
            new MemorizationCheck(extraction, net)
                .rows(samples, known.images(), known.heldOut().orElseThrow()));
      } else {
        rows.addAll(measuring.rows(metric));
      }
    }
    return new EvaluationReport(
        protocol(samples, real, seed), rows, warnings(drawn, statistics, metrics));
  }

  /**
   * Makes what {@link #measure} will need of the samples, and of it only one share.
   *
   * @param real what they will be compared with, if that is known by now
   * @throws UserException as {@link #require}
   */
  public void prepare(
      ImageSource samples,
      Optional<RealImages> real,
      Set<Metric> metrics,
      FeatureExtraction.Share share)
      throws IOException {
    Requirements requirements = new Requirements(net, metrics);
    requirements.ofSamples(samples);
    if (real.isPresent()) {
      requirements.ofReal(real, samples);
    }
    extraction.complete(samples, nets(samples, metrics), share);
  }

  /** Returns mean and covariance of the features of images, for a statistics file. */
  public ReferenceStatistics statistics(ImageSource images) throws IOException {
    extraction.complete(images, List.of(net), FeatureExtraction.Share.ALL);
    return statistics(extraction.read(images, net));
  }

  private static ReferenceStatistics statistics(ExtractedFeatures features) {
    return new ReferenceStatistics(
        GaussianStatistics.of(features.features()), features.spatial().map(GaussianStatistics::of));
  }

  private List<FeatureNet> nets(ImageSource samples, Set<Metric> metrics) {
    return metrics.contains(Metric.MEMORIZATION)
        ? List.of(net, new PixelNet(samples.shape()))
        : List.of(net);
  }

  private static boolean needStatistics(Set<Metric> metrics) {
    return metrics.stream().anyMatch(metric -> metric.needs() == Metric.Needs.STATISTICS);
  }

  private EvaluationReport.Protocol protocol(
      ImageSource samples, Optional<RealImages> real, long seed) {
    return new EvaluationReport.Protocol(
        net.name(),
        net.fingerprint(),
        samples.shape().toString(),
        samples.size(),
        samples.description(),
        samples.fingerprint(),
        real.map(RealImages::description),
        real.flatMap(RealImages::fingerprint),
        seed);
  }

  private List<String> warnings(
      ExtractedFeatures drawn, Optional<ReferenceStatistics> real, Set<Metric> metrics) {
    List<String> warnings = new ArrayList<>();
    net.warning().ifPresent(warnings::add);
    if (needStatistics(metrics)) {
      GaussianStatistics.warning(drawn.features().count(), drawn.features().dimension())
          .ifPresent(text -> warnings.add("samples: " + text));
      real.flatMap(statistics -> statistics.pooled().warning())
          .ifPresent(text -> warnings.add("real images: " + text));
    }
    return warnings;
  }
}
