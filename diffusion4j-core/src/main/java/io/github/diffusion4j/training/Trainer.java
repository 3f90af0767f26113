package io.github.diffusion4j.training;

import io.github.diffusion4j.config.DataConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.LearningRateConfig;
import io.github.diffusion4j.config.LoopConfig;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.data.Augmentation;
import io.github.diffusion4j.data.Batches;
import io.github.diffusion4j.data.Dataset;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Repeats the step of a {@link Learner} over a dataset until the budget is spent.
 *
 * <p>Everything random in step k is a function of the seed, k and the learner's vectors; so is the
 * batch, of the seed and k alone. The state of a training is therefore those vectors and two
 * numbers, and a resumed training goes on bit by bit as if it had never stopped.
 */
public final class Trainer implements AutoCloseable {
  private final LoopConfig config;
  private final Augmentation augmentation;
  private final Dataset data;
  private final Seed seed;
  private final Budget budget;
  private final Learner learner;
  private LearningRate learningRate;
  private ExplodingLoss explosion;

  private long step;
  private double elapsedSeconds;
  private double lastLoss = Double.NaN;
  private double lastGradientNorm = Double.NaN;

  /** A training of a fresh diffusion model on {@code data}, at its very beginning. */
  public Trainer(ExperimentConfig config, Dataset data) {
    this(config, data, new DenoisingLearner(config));
  }

  /** A training of {@code learner}, which is closed with this. */
  public Trainer(RunConfig config, Dataset data, Learner learner) {
    this.config = config.training();
    this.augmentation = augmentation(config.data().flip());
    this.data = data;
    this.seed = Seed.of(config.seed());
    this.budget = new Budget(this.config.budget());
    this.learner = learner;
    this.learningRate = FromConfig.learningRate(this.config.learningRate());
    this.explosion = new ExplodingLoss(this.config.batch());
  }

  /**
   * Trains until the budget is spent or {@code stop} says so; may be called again to go on.
   *
   * @throws DivergedException if the loss or the gradient of a step is not finite, before the
   *     weights are changed by it; or if the loss has exploded
   */
  public void run(BooleanSupplier stop, TrainingListener listener) throws IOException {
    int microBatch = config.batch() / config.accumulation();
    long firstBatch = step * config.accumulation();
    try (Batches batches =
        data.batches(microBatch, augmentation, seed.derive("data"), firstBatch)) {
      while (progress() < 1 && !stop.getAsBoolean()) {
        long start = System.nanoTime();
        StepReport report = takeStep(batches);
        elapsedSeconds += (System.nanoTime() - start) * 1e-9;
        listener.onStep(report);
      }
    }
  }

  private StepReport takeStep(Batches batches) throws IOException {
    try (Scope scope = Scope.open()) {
      double rate = learningRate.at(step + 1, progress());
      Seed stepSeed = seed.derive("step").derive(step);
      Learner.Outcome outcome = learner.step(step + 1, rate, batches, stepSeed);
      step++;
      lastLoss = outcome.loss();
      lastGradientNorm = outcome.gradientNorm();
      if (learner.minimizesOneLoss()) {
        explosion.observe(step, outcome.loss(), outcome.gradientNorm());
      }
      return new StepReport(
          step,
          step * config.batch(),
          outcome.loss(),
          outcome.gradientNorm(),
          rate,
          elapsedSeconds,
          progress(),
          outcome.terms());
    }
  }

  private static Augmentation augmentation(DataConfig.Flip flip) {
    return switch (flip) {
      case NONE -> Augmentation.NONE;
      case HORIZONTAL -> Augmentation.HORIZONTAL_FLIP;
    };
  }

  /** Returns the part of the budget that is spent, in [0, 1]. */
  public double progress() {
    return budget.progress(step, elapsedSeconds);
  }

  /** Returns the number of steps taken since the beginning. */
  public long step() {
    return step;
  }

  /** Returns the time spent in training steps since the beginning. */
  public double elapsedSeconds() {
    return elapsedSeconds;
  }

  /** Returns how many numbers the network learns that samples are drawn with. */
  public long parameterCount() {
    return learner.parameterCount();
  }

  /**
   * Returns every vector that the next step builds on, by name; they are the training's own memory,
   * so writing into them restores a state.
   */
  public Map<String, Tensor> vectors() {
    return learner.vectors();
  }

  /** Goes on from where another training of the same configuration stopped. */
  public void restore(long step, double elapsedSeconds, Map<String, Tensor> saved) {
    Map<String, Tensor> mine = vectors();
    if (!mine.keySet().equals(saved.keySet())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the saved state holds %s; this training needs %s",
              saved.keySet(),
              mine.keySet()));
    }
    try (NoGrad off = NoGrad.open()) {
      mine.forEach((name, vector) -> vector.copyInPlace(Objects.requireNonNull(saved.get(name))));
    }
    this.step = step;
    this.elapsedSeconds = elapsedSeconds;
    this.explosion = new ExplodingLoss(config.batch());
  }

  /** Goes on with another learning rate. */
  public void changeLearningRate(LearningRateConfig rate) {
    this.learningRate = FromConfig.learningRate(rate);
  }

  /**
   * Refuses weights that are not worth keeping.
   *
   * @throws DivergedException if a number that the next step builds on is not finite
   */
  public void requireFinite() {
    if (!vectors().values().stream().allMatch(Tensor::isFinite)) {
      throw DivergedException.ofWeights(step, lastLoss, lastGradientNorm);
    }
  }

  /** Returns whether the last loss was so large that the steps to come will tell what it means. */
  public boolean isInDoubt() {
    return explosion.isInDoubt();
  }

  @Override
  public void close() {
    learner.close();
  }
}
