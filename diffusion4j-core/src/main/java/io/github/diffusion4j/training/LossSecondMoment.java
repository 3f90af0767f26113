package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Draws times with probabilities in proportion to the root of the mean square of their latest
 * losses, and weights the losses so that their expectation stays that of uniform times ([iDDPM]).
 *
 * <pre>  p(t) ∝ √(mean of L²),  weight(t) = 1 / (T p(t)) </pre>
 *
 * <p>Of all ways to draw times this estimates the mean with the least variance. Until every time
 * has been seen often enough, times are uniform; afterwards a small share stays so, lest a time
 * with small losses be never seen again.
 */
final class LossSecondMoment implements TimestepSampler {
  private final int steps;
  private final int history;
  private final double uniform;
  private final Tensor losses;
  private final Tensor counts;

  /**
   * A sampler that has seen nothing.
   *
   * @param history losses to remember for each time
   * @param uniform the share of uniform draws, in (0, 1]
   */
  LossSecondMoment(int steps, int history, double uniform) {
    this.steps = steps;
    this.history = history;
    this.uniform = uniform;
    this.losses = Tensor.zeros(DType.F64, steps, history).outlivingScopes();
    this.counts = Tensor.zeros(DType.I64, steps).outlivingScopes();
  }

  @Override
  public int[] draw(int count, Seed seed) {
    double[] probabilities = probabilities();
    return TimestepSampler.importance(steps, t -> probabilities[t - 1]).draw(count, seed);
  }

  @Override
  public double[] weights(int... t) {
    double[] probabilities = probabilities();
    return Arrays.stream(t).mapToDouble(time -> 1 / (steps * probabilities[time - 1])).toArray();
  }

  /** Returns the probabilities of the times 1…T. */
  double[] probabilities() {
    double[] probabilities = new double[steps];
    Arrays.fill(probabilities, 1.0 / steps);
    if (Arrays.stream(counts.toLongs()).anyMatch(count -> count < history)) {
      return probabilities;
    }
    double[] seen = losses.toDoubles();
    double[] roots = new double[steps];
    for (int t = 0; t < steps; t++) {
      double squares = 0;
      for (int k = 0; k < history; k++) {
        squares += seen[t * history + k] * seen[t * history + k];
      }
      roots[t] = Math.sqrt(squares / history);
    }
    double sum = Arrays.stream(roots).sum();
    if (sum > 0) {
      Arrays.setAll(probabilities, t -> (1 - uniform) * roots[t] / sum + uniform / steps);
    }
    return probabilities;
  }

  @Override
  public void observe(int[] t, Tensor latest) {
    double[] seen = losses.toDoubles();
    long[] count = counts.toLongs();
    double[] values = latest.toDoubles();
    for (int n = 0; n < t.length; n++) {
      int row = (t[n] - 1) * history;
      int filled = (int) count[t[n] - 1];
      if (filled == history) { // the oldest goes
        System.arraycopy(seen, row + 1, seen, row, history - 1);
        seen[row + history - 1] = values[n];
      } else {
        seen[row + filled] = values[n];
        count[t[n] - 1]++;
      }
    }
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      losses.copyInPlace(Tensor.of(seen, steps, history));
      counts.copyInPlace(Tensor.of(count, steps));
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("losses", losses);
    state.put("counts", counts);
    return state;
  }

  @Override
  public void close() {
    losses.close();
    counts.close();
  }
}
