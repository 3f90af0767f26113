package io.github.diffusion4j;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import java.util.EnumSet;
import java.util.Set;

/** What can be measured of a set of images. */
public enum Metric {
  /** The Fréchet distance. */
  FD(Needs.STATISTICS),
  /** The kernel distance. */
  KID(Needs.IMAGES),
  /** The Inception score; of another network, the score of its classes. */
  IS(Needs.NOTHING),
  /** Improved precision and recall. */
  PR(Needs.IMAGES),
  /** Density and coverage. */
  DC(Needs.IMAGES),
  /** The Fréchet distance at infinitely many samples. */
  FD_INF(Needs.STATISTICS),
  /** The Fréchet distance of features with places. */
  SFID(Needs.STATISTICS),
  /** Distances to training images against those to test images. */
  MEMORIZATION(Needs.IMAGES);

  private final Needs needs;

  /** What a metric must know of real images. */
  enum Needs {
    /** Nothing. */
    NOTHING,
    /** Their statistics. */
    STATISTICS,
    /** Each of them. */
    IMAGES
  }

  Metric(Needs needs) {
    this.needs = needs;
  }

  Needs needs() {
    return needs;
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
