package io.github.diffusion4j.baseline;

import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.data.Batches;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.DivergedException;
import io.github.diffusion4j.training.Learner;
import io.github.diffusion4j.training.TrainedWeights;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A generator and a discriminator that learn from each other: in each step one move of both. */
final class AdversarialLearner implements Learner {
  private final GanConfig config;
  private final Generator generator;
  private final Generator average;
  private final Discriminator discriminator;
  private final TrainedWeights generating;
  private final TrainedWeights discriminating;

  AdversarialLearner(
      BaselineConfig config, Generator generator, Generator average, Discriminator discriminator) {
    this.config = generator.config();
    this.generator = generator;
    this.average = average;
    this.discriminator = discriminator;
    this.generating =
        TrainedWeights.averaged(generator.parameters(), average.parameters(), config.training());
    this.discriminating = TrainedWeights.of(discriminator.parameters(), config.training());
  }

  @Override
  public Outcome step(long number, double rate, Batches batches, Seed seed) throws IOException {
    Tensor real = batches.next().x0();
    int count = (int) real.size(0);
    Map<String, Double> terms = new LinkedHashMap<>();
    discriminating.clearGradients();
    double told = learnToTell(real, made(count, seed.derive("told")));
    terms.put("discriminator", told);
    if (config.penalty() > 0 && number % config.penaltyEverySteps() == 0) {
      terms.put("squaredSlope", flatten(real));
    }
    DivergedException.requireFinite(number, told, discriminating.clipGradients());
    discriminating.step(number, rate);

    generating.clearGradients();
    double loss = learnToFool(count, seed.derive("fooled"));
    double norm = generating.clipGradients();
    DivergedException.requireFinite(number, loss, norm);
    generating.step(number, rate);
    return new Outcome(loss, norm, terms);
  }

  private Tensor made(int count, Seed seed) {
    try (NoGrad off = NoGrad.open()) {
      return generator.images(count, LatentNoise.together(seed));
    }
  }

  private double learnToTell(Tensor real, Tensor made) {
    try (Scope scope = Scope.open()) {
      Tensor loss =
          Adversary.discriminatorLoss(discriminator.forward(real), discriminator.forward(made));
      loss.backward();
      return loss.item();
    }
  }

  /** A step that has the penalty has it for all steps since the last one. */
  private double flatten(Tensor real) {
    try (Scope scope = Scope.open()) {
      Tensor squaredSlope = Adversary.squaredSlope(discriminator::forward, real);
      squaredSlope.times(config.penalty() / 2 * config.penaltyEverySteps()).backward();
      return squaredSlope.item();
    }
  }

  private double learnToFool(int count, Seed seed) {
    try (Scope scope = Scope.open()) {
      Tensor made = generator.images(count, LatentNoise.together(seed));
      Tensor loss = Adversary.generatorLoss(discriminator.forward(made));
      loss.backward();
      return loss.item();
    }
  }

  /** A generator's loss grows when its discriminator learns: that is the game. */
  @Override
  public boolean minimizesOneLoss() {
    return false;
  }

  @Override
  public Map<String, Tensor> vectors() {
    Map<String, Tensor> vectors = new LinkedHashMap<>();
    generating.vectors().forEach((name, vector) -> vectors.put("generator." + name, vector));
    discriminating
        .vectors()
        .forEach((name, vector) -> vectors.put("discriminator." + name, vector));
    return vectors;
  }

  @Override
  public long parameterCount() {
    return average.parameterCount();
  }

  @Override
  public void close() {
    generating.close();
    discriminating.close();
    discriminator.close();
    average.close();
    generator.close();
  }
}
