package io.github.diffusion4j.cli;

import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Watches a sampler: keeps some steps of the first samples for a picture, and numbers of all steps.
 */
final class ReverseStages implements SamplingListener, AutoCloseable {
  private static final int COLUMNS = 10;

  private final int samples;
  private final List<Stage> stages = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private float[] before = {};

  /**
   * What is kept of one step.
   *
   * @param t the time
   * @param xt the noisy images of the first samples
   * @param x0Hat what the network takes x₀ to be
   */
  record Stage(double t, Tensor xt, Tensor x0Hat) {}

  /**
   * Numbers of one step, over all pixels of all samples.
   *
   * @param number the step, from 1
   * @param t the time
   * @param variance the variance of the pixels of xₜ
   * @param x0Variance the variance of the pixels of x̂₀
   * @param change the mean of |x̂₀ − x̂₀ of the step before|; empty at the first step
   */
  record Row(int number, double t, double variance, double x0Variance, OptionalDouble change) {}

  /** Keeps pictures of the first {@code samples}. */
  ReverseStages(int samples) {
    this.samples = samples;
  }

  @Override
  public void onStep(Step step) {
    float[] x0Hat = step.estimate().x0Hat().reshape(-1).toFloats();
    rows.add(
        new Row(
            step.number(),
            step.level().t(),
            variance(step.xt().reshape(-1).toFloats()),
            variance(x0Hat),
            change(x0Hat)));
    before = x0Hat;
    int due = 1 + Math.round((float) stages.size() * (step.of() - 1) / (COLUMNS - 1));
    if (step.number() >= due && stages.size() < COLUMNS) {
      stages.add(new Stage(step.level().t(), kept(step.xt()), kept(step.estimate().x0Hat())));
    }
  }

  private Tensor kept(Tensor images) {
    return images.narrow(0, 0, Math.min(samples, images.size(0))).copy().outlivingScopes();
  }

  private OptionalDouble change(float[] now) {
    if (before.length != now.length) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    for (int i = 0; i < now.length; i++) {
      sum += Math.abs(now[i] - before[i]);
    }
    return OptionalDouble.of(sum / now.length);
  }

  private static double variance(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return squares / values.length;
  }

  List<Stage> stages() {
    return List.copyOf(stages);
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  Csv csv() {
    Csv csv = Csv.of("step,t,xt_variance,x0_hat_variance,x0_hat_mean_change");
    for (Row row : rows) {
      Object change = row.change.isPresent() ? row.change.getAsDouble() : "";
      csv.row(row.number, row.t, row.variance, row.x0Variance, change);
    }
    return csv;
  }

  /** Frees the images that were kept. */
  @Override
  public void close() {
    for (Stage stage : stages) {
      stage.xt.close();
      stage.x0Hat.close();
    }
  }
}
