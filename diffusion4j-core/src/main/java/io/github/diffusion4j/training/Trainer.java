package io.github.diffusion4j.training;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.data.Augmentation;
import io.github.diffusion4j.data.Batches;
import io.github.diffusion4j.data.Dataset;
import io.github.diffusion4j.data.Examples;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Repeats {@link TrainingStep} over a dataset until the budget is spent.
 *
 * <p>Everything random in step k is a function of the seed, k and, where losses decide over times,
 * a vector of earlier losses; so is the batch, of the seed and k alone. The state of a training is
 * therefore its vectors and two numbers, and a resumed training goes on bit by bit as if it had
 * never stopped.
 */
public final class Trainer implements AutoCloseable {
  private final ExperimentConfig config;
  private final Dataset data;
  private final Seed seed;
  private final Budget budget;
  private final Network network;
  private final Network average;
  private final ParameterVector weights;
  private final ParameterVector averageWeights;
  private final TimestepSampler timesteps;
  private final TrainingStep trainingStep;
  private final Optimizer optimizer;
  private final Ema ema;
  private final LearningRate learningRate;

  private long step;
  private double elapsedSeconds;

  /** A training of a fresh network on {@code data}, at its very beginning. */
  public Trainer(ExperimentConfig config, Dataset data) {
    this.config = config;
    this.data = data;
    this.seed = Seed.of(config.seed());
    this.budget = new Budget(config.training().budget());
    this.network = Network.of(config.model(), seed.derive("weights"));
    this.average = Network.of(config.model(), seed.derive("weights"));
    this.weights = new ParameterVector(network.parameters());
    this.averageWeights = new ParameterVector(average.parameters());
    TrainingStep.Objective objective = FromConfig.objective(config);
    this.timesteps = objective.timesteps();
    this.trainingStep =
        new TrainingStep(
            network,
            FromConfig.process(config.process()),
            objective,
            FromConfig.input(config.process()));
    this.optimizer = FromConfig.optimizer(config.training().optimizer(), weights);
    this.ema =
        new Ema(averageWeights.values(), weights.values(), FromConfig.ema(config.training().ema()));
    this.learningRate = FromConfig.learningRate(config.training().learningRate());
  }

  /** Trains until the budget is spent or {@code stop} says so; may be called again to go on. */
  public void run(BooleanSupplier stop, TrainingListener listener) throws IOException {
    int microBatch = config.training().batch() / config.training().accumulation();
    long firstBatch = step * config.training().accumulation();
    try (Batches batches =
        data.batches(microBatch, augmentation(), seed.derive("data"), firstBatch)) {
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
      double loss = accumulateGradients(batches);
      step++;
      double norm = clipGradients();
      optimizer.step(step, rate);
      ema.update(step);
      return new StepReport(
          step, step * config.training().batch(), loss, norm, rate, elapsedSeconds, progress());
    }
  }

  private double accumulateGradients(Batches batches) throws IOException {
    weights.gradients().fillInPlace(0);
    int parts = config.training().accumulation();
    double loss = 0;
    for (int part = 0; part < parts; part++) {
      try (Scope scope = Scope.open()) {
        Examples batch = batches.next();
        Seed partSeed = seed.derive("step").derive(step).derive(part);
        Optional<Tensor> labels = config.model().classes().flatMap(count -> batch.labels());
        Tensor partLoss = trainingStep.loss(batch.x0(), labels, partSeed).dividedBy(parts);
        partLoss.backward();
        loss += partLoss.item();
      }
    }
    if (!Double.isFinite(loss)) {
      throw new DivergedException(step + 1, loss);
    }
    return loss;
  }

  /** Shortens a gradient that is longer than the limit; returns the norm it had. */
  private double clipGradients() {
    try (NoGrad off = NoGrad.open()) {
      double norm = weights.gradients().norm().item();
      double limit = config.training().optimizer().gradientClip().orElse(Double.MAX_VALUE);
      if (norm > limit) {
        weights.gradients().timesInPlace(limit / norm);
      }
      return norm;
    }
  }

  private Augmentation augmentation() {
    return switch (config.data().flip()) {
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

  /** Returns the network with the averaged weights, which is the one to sample from. */
  public Network average() {
    return average;
  }

  /**
   * Returns every vector that the next step builds on, by name; they are the training's own memory,
   * so writing into them restores a state.
   */
  public Map<String, Tensor> vectors() {
    Map<String, Tensor> vectors = new LinkedHashMap<>();
    vectors.put("weights", weights.values());
    vectors.put("average", averageWeights.values());
    optimizer.state().forEach((name, vector) -> vectors.put("optimizer." + name, vector));
    timesteps.state().forEach((name, vector) -> vectors.put("timesteps." + name, vector));
    return vectors;
  }

  /** Goes on from where another training of the same configuration stopped. */
  public void restore(long step, double elapsedSeconds, Map<String, Tensor> saved) {
    Map<String, Tensor> mine = vectors();
    if (!mine.keySet().equals(saved.keySet())) {
      throw new IllegalArgumentException(
          "the saved state holds %s; this training needs %s"
              .formatted(saved.keySet(), mine.keySet()));
    }
    try (NoGrad off = NoGrad.open()) {
      mine.forEach((name, vector) -> vector.copyInPlace(Objects.requireNonNull(saved.get(name))));
    }
    this.step = step;
    this.elapsedSeconds = elapsedSeconds;
  }

  @Override
  public void close() {
    timesteps.close();
    optimizer.close();
    averageWeights.close();
    weights.close();
    average.close();
    network.close();
  }
}
