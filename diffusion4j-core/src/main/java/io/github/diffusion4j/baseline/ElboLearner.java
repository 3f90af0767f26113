package io.github.diffusion4j.baseline;

import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.data.Batches;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.DivergedException;
import io.github.diffusion4j.training.Learner;
import io.github.diffusion4j.training.TrainedWeights;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An autoencoder that learns by its bound: the loss is −ELBO in bits per dimension.
 *
 * <p>At first the divergences count little, so that the latent variables are found useful before
 * they are found expensive; from the end of the warm-up on the loss is the bound.
 */
final class ElboLearner implements Learner {
  private final LatentVariableModel network;
  private final LatentVariableModel average;
  private final TrainedWeights weights;
  private final int warmupSteps;

  ElboLearner(
      BaselineConfig config,
      LatentVariableModel network,
      LatentVariableModel average,
      int warmupSteps) {
    this.network = network;
    this.average = average;
    this.weights =
        TrainedWeights.averaged(network.parameters(), average.parameters(), config.training());
    this.warmupSteps = warmupSteps;
  }

  @Override
  public Outcome step(long number, double rate, Batches batches, Seed seed) throws IOException {
    weights.clearGradients();
    Tensor x0 = batches.next().x0();
    Elbo elbo = network.elbo(x0, LatentNoise.together(seed.derive("latent")));
    double bits = (double) x0.size(0) / x0.numel() / Math.log(2);
    Tensor loss = elbo.weighted(weight(number)).mean().times(-bits);
    double value = loss.item();
    loss.backward();
    double norm = weights.clipGradients();
    DivergedException.requireFinite(number, value, norm);
    weights.step(number, rate);
    return new Outcome(value, norm, terms(elbo, bits));
  }

  private double weight(long number) {
    return number >= warmupSteps ? 1 : (double) number / warmupSteps;
  }

  /** The bound and its parts, all in bits per dimension of the image. */
  private static Map<String, Double> terms(Elbo elbo, double bits) {
    Map<String, Double> terms = new LinkedHashMap<>();
    terms.put("bound", -bits * elbo.nats().mean().item());
    terms.put("pixels", -bits * elbo.logLikelihood().mean().item());
    for (int level = 0; level < elbo.divergences().size(); level++) {
      terms.put("kl" + level, bits * elbo.divergences().get(level).mean().item());
    }
    return terms;
  }

  @Override
  public Map<String, Tensor> vectors() {
    return weights.vectors();
  }

  @Override
  public long parameterCount() {
    return average.parameterCount();
  }

  @Override
  public void close() {
    weights.close();
    average.close();
    network.close();
  }
}
