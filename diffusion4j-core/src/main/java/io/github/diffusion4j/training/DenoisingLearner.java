package io.github.diffusion4j.training;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.data.Batches;
import io.github.diffusion4j.data.Examples;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Crew;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A network that learns to denoise, by {@link TrainingStep}, with a {@link BatchGradient}. */
public final class DenoisingLearner implements Learner {
  /** Networks with fewer parameters are updated sooner by one core than by several. */
  private static final long SMALL = 1 << 22;

  private final ExperimentConfig config;
  private final Network network;
  private final Network average;
  private final TrainedWeights weights;
  private final TimestepSampler timesteps;
  private final Crew crew;
  private final BatchGradient gradient;

  /** A fresh network. */
  public DenoisingLearner(ExperimentConfig config) {
    Seed seed = Seed.of(config.seed()).derive("weights");
    this.config = config;
    this.network = Network.withoutWeights(config.model());
    this.average = Network.withoutWeights(config.model());
    this.weights =
        TrainedWeights.averaged(network.parameters(), average.parameters(), config.training());
    network.initialize(seed); // in the memory of the weights' vector
    average.load(network.parameters());
    TrainingStep.Objective objective = FromConfig.objective(config);
    this.timesteps = objective.timesteps();
    TrainingStep trainingStep =
        new TrainingStep(
            network,
            FromConfig.process(config.process()),
            objective,
            FromConfig.input(config.process()));
    this.crew = Crew.forBatchesOf(config.training().batch() / config.training().accumulation());
    this.gradient =
        new BatchGradient(
            crew,
            new BatchGradient.Look(network, weights.vector(), trainingStep),
            () -> Network.withoutWeights(config.model()));
  }

  @Override
  public Outcome step(long number, double rate, Batches batches, Seed seed) throws IOException {
    double loss = accumulateGradients(batches, seed);
    Supplier<Double> update = () -> update(number, rate, loss);
    return Outcome.of(loss, weights.length() < SMALL ? crew.alone(update) : update.get());
  }

  /** Returns the norm of the gradient. */
  private double update(long number, double rate, double loss) {
    double norm = weights.clipGradients();
    DivergedException.requireFinite(number, loss, norm);
    weights.step(number, rate);
    return norm;
  }

  private double accumulateGradients(Batches batches, Seed seed) throws IOException {
    weights.clearGradients();
    int parts = config.training().accumulation();
    double loss = 0;
    for (int part = 0; part < parts; part++) {
      try (Scope scope = Scope.open()) {
        Examples batch = batches.next();
        Optional<Tensor> labels = config.model().classes().flatMap(count -> batch.labels());
        loss += gradient.add(batch.x0(), labels, seed.derive(part), 1.0 / parts);
      }
    }
    return loss;
  }

  /** Returns the network with the averaged weights, which is the one to sample from. */
  public Network average() {
    return average;
  }

  @Override
  public long parameterCount() {
    return average.parameterCount();
  }

  @Override
  public Map<String, Tensor> vectors() {
    Map<String, Tensor> vectors = new LinkedHashMap<>(weights.vectors());
    timesteps.state().forEach((name, vector) -> vectors.put("timesteps." + name, vector));
    return vectors;
  }

  @Override
  public void close() {
    gradient.close();
    timesteps.close();
    weights.close();
    average.close();
    network.close();
  }
}
