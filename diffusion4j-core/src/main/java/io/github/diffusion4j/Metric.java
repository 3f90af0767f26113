package io.github.diffusion4j;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import java.util.EnumSet;
import java.util.Set;

/** What can be measured of a set of images. */
public enum Metric {
  /** The Fréchet distance. */
  FD(Needs.STATISTICS, 2, 2),
  /** The kernel distance. */
  KID(Needs.IMAGES, 20, 20),
  /** The Inception score; of another network, the score of its classes. */
  IS(Needs.NOTHING, 10, 0),
  /** Improved precision and recall. */
  PR(Needs.IMAGES, 20, 4),
  /** Density and coverage. */
  DC(Needs.IMAGES, 20, 6),
  /** The Fréchet distance at infinitely many samples. */
  FD_INF(Needs.STATISTICS, 27, 2),
  /** The Fréchet distance of features with places. */
  SFID(Needs.STATISTICS, 2, 2),
  /** Distances to training images against those to test images. */
  MEMORIZATION(Needs.IMAGES, 1, 1);

  private final Needs needs;
  private final int leastSamples;
  private final int leastReal;

  /** What a metric must know of real images. */
  enum Needs {
    /** Nothing. */
    NOTHING,
    /** Their statistics. */
    STATISTICS,
    /** Each of them. */
    IMAGES
  }

  Metric(Needs needs, int leastSamples, int leastReal) {
    this.needs = needs;
    this.leastSamples = leastSamples;
    this.leastReal = leastReal;
  }

  Needs needs() {
    return needs;
  }

  /** How many samples it takes, intervals included. */
  int leastSamples() {
    return leastSamples;
  }

  /** How many real images it takes, where it sees them. */
  int leastReal() {
    return leastReal;
  }

  /**
   * Reads a list such as {@code fd,kid,fd-inf}.
   *
   * @throws UserException if one is unknown, with the nearest that is known
   */
  public static Set<Metric> parse(String list) {
    Set<Metric> metrics = EnumSet.noneOf(Metric.class);
    for (String word : list.split(",", -1)) {
      metrics.add(Word.parse(Metric.class, "--metrics", word.strip()));
    }
    return metrics;
  }
}
