package io.github.diffusion4j.likelihood;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The terms of the bound as they were found, in bits per dimension; sums of any of them, with their
 * standard errors.
 */
public final class BoundTable {
  private final double[] prior;
  private final int draws;
  private final double[] weight;
  private final List<List<Entry>> byTime;

  /** What one look at an image found; errors are means of squares over the pixels. */
  record Entry(int image, int draw, double bits, double x0Error, double epsilonError) {}

  /**
   * The terms found at one time.
   *
   * @param t in 1…T
   * @param looks how many images were looked at, draws counted each
   * @param bits the mean of the term, not weighted
   * @param standardError of that mean; NaN with a single look
   * @param x0Error the mean square error of x̂₀
   * @param epsilonError the mean square error of ε̂, as it follows from x̂₀
   */
  public record Row(
      int t, int looks, double bits, double standardError, double x0Error, double epsilonError) {}

  BoundTable(double[] prior, int draws, double[] weight) {
    this.prior = prior;
    this.draws = draws;
    this.weight = weight;
    this.byTime = new ArrayList<>();
    for (int t = 0; t < weight.length; t++) {
      byTime.add(new ArrayList<>());
    }
  }

  void add(int t, Entry entry) {
    byTime.get(t).add(entry);
  }

  List<Entry> at(int t) {
    return byTime.get(t);
  }

  /** Returns T. */
  public int steps() {
    return weight.length - 1;
  }

  /** Returns the number of images. */
  public int images() {
    return prior.length;
  }

  /** Returns L_T, what the end of the forward process still tells of the image. */
  public BitsPerDimension prior() {
    return BitsPerDimension.of(sums(1, 0, prior));
  }

  /** Returns L₀, what it costs to tell the image from x₁. */
  public BitsPerDimension decoder() {
    return terms(1, 1);
  }

  /** Returns the sum of the terms L₍t−1₎ for t = {@code from}…{@code to}, within 1…T. */
  public BitsPerDimension terms(int from, int to) {
    return BitsPerDimension.of(sums(from, to, new double[images()]));
  }

  /** Returns the bound, an upper one of the negative log-likelihood. */
  public BitsPerDimension total() {
    return BitsPerDimension.of(sums(1, steps(), prior));
  }

  /** Returns the bound for each image, by image and draw. */
  public double[][] totals() {
    return sums(1, steps(), prior);
  }

  /** Returns what was found at the times that were looked at, in ascending order. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int t = 1; t <= steps(); t++) {
      if (!byTime.get(t).isEmpty()) {
        rows.add(row(t, byTime.get(t)));
      }
    }
    return rows;
  }

  private static Row row(int t, List<Entry> entries) {
    double[][] bits = entries.stream().map(e -> new double[] {e.bits}).toArray(double[][]::new);
    BitsPerDimension mean = BitsPerDimension.of(bits);
    return new Row(
        t,
        entries.size(),
        mean.mean(),
        mean.standardError(),
        entries.stream().mapToDouble(Entry::x0Error).sum() / entries.size(),
        entries.stream().mapToDouble(Entry::epsilonError).sum() / entries.size());
  }

  private double[][] sums(int from, int to, double[] start) {
    double[][] sums = new double[images()][draws];
    for (int image = 0; image < images(); image++) {
      Arrays.fill(sums[image], start[image]);
    }
    for (int t = from; t <= to; t++) {
      for (Entry entry : byTime.get(t)) {
        sums[entry.image][entry.draw] += weight[t] * entry.bits;
      }
    }
    return sums;
  }
}
