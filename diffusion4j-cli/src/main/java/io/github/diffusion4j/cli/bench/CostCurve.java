package io.github.diffusion4j.cli.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How fast small28 is as one thing about it grows.
 *
 * @param axis what grows
 * @param points from small to large, at least one
 */
record CostCurve(String axis, List<Point> points) {
  private static final double TRAINING_PER_FORWARD = 3;

  /**
   * One measurement.
   *
   * @param value of what grows
   * @param flops floating-point operations of a forward pass of one image
   * @param training images per second in training
   * @param forward images per second in forward passes by libtorch
   */
  record Point(int value, long flops, double training, double forward) {
    /** Returns billions of operations per second, three forward passes' worth per image. */
    double trainingRate() {
      return TRAINING_PER_FORWARD * flops * training * 1e-9;
    }

    double forwardRate() {
      return flops * forward * 1e-9;
    }
  }

  /** Returns the largest fall of a rate from a point to the next, as a part of it; 0 if none. */
  double largestFall(ToDoubleFunction<Point> rate) {
    double largest = 0;
    for (int i = 1; i < points.size(); i++) {
      double before = rate.applyAsDouble(points.get(i - 1));
      largest = Math.max(largest, 1 - rate.applyAsDouble(points.get(i)) / before);
    }
    return largest;
  }

  void print(PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%n%-8s %18s %8s %18s %8s%n",
        axis,
        "training images/s",
        "GFLOP/s",
        "forward images/s",
        "GFLOP/s");
    for (Point p : points) {
      out.printf(
          Locale.ROOT,
          "%-8d %18.1f %8.1f %18.1f %8.1f%n",
          p.value(),
          p.training(),
          p.trainingRate(),
          p.forward(),
          p.forwardRate());
    }
    out.printf(
        Locale.ROOT,
        "largest fall of GFLOP/s from one to the next: training %.0f %%, forward %.0f %%%n",
        100 * largestFall(Point::trainingRate),
        100 * largestFall(Point::forwardRate));
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("axis", axis);
    tree.put("points", points);
    tree.put("largest_fall_training", largestFall(Point::trainingRate));
    tree.put("largest_fall_forward", largestFall(Point::forwardRate));
    return tree;
  }
}
