package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How sure a classifier is of each sample and how evenly the samples spread over its classes
 * ([IS]): exp of the mean of KL(p(y|x) ‖ p(y)), from 1 to the number of classes; more is better.
 *
 * <p>It sees no real images, so a set of one perfect sample per class has the best score. With a
 * classifier other than the Inception network it should not be called by that name.
 */
public final class InceptionScore {
  private InceptionScore() {}

  /**
   * Returns the score of each split, in the order of the samples.
   *
   * @param logits the classifier's answers before the softmax, one sample per row
   * @param splits into how many parts of nearly equal size the samples are cut; p(y) is the mean of
   *     p(y|x) over one part. Published numbers have 10
   * @throws IllegalArgumentException if there are fewer samples than parts
   */
  public static Spread of(Features logits, int splits) {
    if (splits < 1) {
      throw new IllegalArgumentException("splits is " + splits + "; allowed: 1 or more");
    }
    logits.requireCount(splits, splits + " splits");
    List<Double> scores = new ArrayList<>();
    for (int split = 0; split < splits; split++) {
      int first = (int) ((long) split * logits.count() / splits);
      int end = (int) ((split + 1L) * logits.count() / splits);
      scores.add(score(logits, first, end - first));
    }
    return new Spread(scores);
  }

  /**
   * Returns the mean over the splits, which are disjoint and so independent, with its interval for
   * splits of this size.
   *
   * @param splits 4 or more
   */
  public static IntervalEstimate estimate(Features logits, int splits) {
    Spread spread = of(logits, splits);
    double[] values = spread.values().stream().mapToDouble(Double::doubleValue).toArray();
    return new IntervalEstimate(
        spread.mean(),
        Interval.ofMean(values),
        String.format(Locale.ROOT, "%d splits of %d", splits, logits.count() / splits));
  }

  private static double score(Features logits, int first, int length) {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor ofEach = Functions.logSoftmax(logits.rows(first, length)); // ln p(y|x)
      Tensor ofAll = Functions.logSumExp(ofEach, 0).minus(Math.log(length)); // ln p(y)
      double divergences = ofEach.exp().times(ofEach.minus(ofAll)).sum().item();
      return Math.exp(divergences / length);
    }
  }
}
