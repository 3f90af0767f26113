package io.github.diffusion4j;

import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.RealImages.Summarized;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.GaussianStatistics;
import io.github.diffusion4j.evaluation.ReferenceStatistics;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What metrics need of a network and of images. All of it can be known before the first image is
 * drawn, so it is refused before.
 */
record Requirements(FeatureNet net, Set<Metric> metrics) {

  /**
   * Checks what the samples must be.
   *
   * @throws UserException if the network cannot see them, they are too few, or the network does not
   *     say what a metric wants to know
   */
  void ofSamples(ImageSource samples) {
    int spatial = see("samples", samples);
    for (Metric metric : metrics) {
      requireCount(metric, "samples", samples.size(), least(metric));
      if (metric == Metric.IS && net.classes() == 0) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "--metrics has is, but the network %s has no classes; allowed: a network that has",
                net.name()));
      }
      if (metric == Metric.SFID && spatial == 0) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "--metrics has sfid, but the network %s has no features with places; allowed: inception-* from a .pth or safetensors file",
                net.name()));
      }
    }
  }

  /**
   * The distance at infinity wants subsets of more samples than features, the least half of all.
   */
  private int least(Metric metric) {
    return metric == Metric.FD_INF
        ? Math.max(metric.leastSamples(), 2 * (net.dimension() + 1))
        : metric.leastSamples();
  }

  /**
   * Checks what the real images must be.
   *
   * @throws UserException if a metric needs others, or the network cannot see them
   */
  void ofReal(Optional<RealImages> real, ImageSource samples) {
    for (Metric metric : metrics) {
      if (metric.needs() != Metric.Needs.NOTHING && real.isEmpty()) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "--metrics has %s, which compares with real images; allowed without --data: is",
                Word.of(metric)));
      }
      if (metric.needs() == Metric.Needs.IMAGES && !(real.orElse(null) instanceof Known)) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "--metrics has %s, which needs the real images themselves; allowed with a statistics file: fd, fd-inf, is, sfid",
                Word.of(metric)));
      }
    }
    if (real.orElse(null) instanceof Summarized summarized) {
      ofStatistics(summarized, samples);
    } else if (real.orElse(null) instanceof Known known) {
      ofImages(known, samples);
    }
  }

  private void ofStatistics(Summarized real, ImageSource samples) {
    ReferenceStatistics statistics = real.statistics();
    requireDimension(real, "features", statistics.pooled(), net.dimension());
    if (metrics.contains(Metric.SFID)) {
      GaussianStatistics spatial =
          statistics
              .spatial()
              .orElseThrow(
                  () ->
                      new UserException(
                          String.format(
                              Locale.ROOT,
                              "--metrics has sfid, but the statistics in %s have no mu_s and sigma_s; allowed: a file that has them, or images",
                              real.description())));
      requireDimension(real, "features with places", spatial, see("samples", samples));
    }
  }

  private void requireDimension(
      Summarized real, String what, GaussianStatistics statistics, int wanted) {
    if (statistics.dimension() != wanted) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--data is %s, statistics of %d %s; allowed for the network %s: %d",
              real.description(),
              statistics.dimension(),
              what,
              net.name(),
              wanted));
    }
  }

  private void ofImages(Known real, ImageSource samples) {
    see("real images", real.images());
    for (Metric metric : metrics) {
      requireCount(metric, "real images", real.images().size(), metric.leastReal());
    }
    if (metrics.contains(Metric.MEMORIZATION)) {
      ImageSource heldOut =
          real.heldOut()
              .orElseThrow(
                  () ->
                      new UserException(
                          "--metrics has memorization, which needs images that were not trained on; allowed: mnist, fashion-mnist or cifar10 as --data, or --held-out"));
      see("held-out images", heldOut);
      requireCount(Metric.MEMORIZATION, "held-out images", heldOut.size(), 2);
      requireShape(samples, "real images", real.images());
      requireShape(samples, "held-out images", heldOut);
    }
  }

  private static void requireShape(ImageSource samples, String whose, ImageSource others) {
    if (!others.shape().equals(samples.shape())) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--metrics has memorization, which compares pixels, but the samples are %s and the %s %s; allowed: the same",
              samples.shape(),
              whose,
              others.shape()));
    }
  }

  private static void requireCount(Metric metric, String whose, int count, int least) {
    if (count < least) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--metrics has %s, but there are %d %s; allowed: %d or more",
              Word.of(metric),
              count,
              whose,
              least));
    }
  }

  /** Returns how many features with places the network has of such images. */
  private int see(String whose, ImageSource images) {
    try {
      return FeatureExtraction.probe(net, images.shape());
    } catch (IllegalArgumentException e) {
      throw new UserException(
          String.format(Locale.ROOT, "%s (%s): %s", whose, images.description(), e.getMessage()));
    }
  }
}
