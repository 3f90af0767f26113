package io.github.diffusion4j;

import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.RealImages.Summarized;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
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
   * Measures {@code samples}.
   *
   * @param real what they are compared with; may be empty for metrics that see no real images
   * @param seed decides all subsets
   * @throws UserException if a metric needs other real images, or another network
   * @throws IllegalArgumentException if there are too few images, or features are not finite
   */
  public EvaluationReport measure(
      ImageSource samples, Optional<RealImages> real, Set<Metric> metrics, long seed)
      throws IOException {
    for (Metric metric : metrics) {
      requireSense(metric, real);
    }
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
            : ofReal.map(Evaluation::statistics);
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
   * @throws IllegalArgumentException if the network cannot see such images
   */
  public void prepare(ImageSource samples, Set<Metric> metrics, FeatureExtraction.Share share)
      throws IOException {
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

  private void requireSense(Metric metric, Optional<RealImages> real) {
    String word = Word.of(metric);
    if (metric.needs() != Metric.Needs.NOTHING && real.isEmpty()) {
      throw new UserException(
          "--metrics has %s, which compares with real images; allowed without --data: is"
              .formatted(word));
    }
    if (metric.needs() == Metric.Needs.IMAGES && !(real.orElseThrow() instanceof Known)) {
      throw new UserException(
          "--metrics has %s, which needs the real images themselves; allowed with a statistics file: fd, fd-inf, is, sfid"
              .formatted(word));
    }
    if (metric == Metric.IS && net.classes() == 0) {
      throw new UserException(
          "--metrics has is, but the network %s has no classes; allowed: a network that has"
              .formatted(net.name()));
    }
    if (metric == Metric.MEMORIZATION && ((Known) real.orElseThrow()).heldOut().isEmpty()) {
      throw new UserException(
          "--metrics has memorization, which needs images that were not trained on; allowed: mnist, fashion-mnist or cifar10 as --data, or --held-out");
    }
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
        seed);
  }

  private List<String> warnings(
      ExtractedFeatures drawn, Optional<ReferenceStatistics> real, Set<Metric> metrics) {
    List<String> warnings = new ArrayList<>();
    net.warning().ifPresent(warnings::add);
    if (metrics.stream().anyMatch(metric -> metric.needs() == Metric.Needs.STATISTICS)) {
      GaussianStatistics.of(drawn.features())
          .warning()
          .ifPresent(text -> warnings.add("samples: " + text));
      real.flatMap(statistics -> statistics.pooled().warning())
          .ifPresent(text -> warnings.add("real images: " + text));
    }
    return warnings;
  }
}
