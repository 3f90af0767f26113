package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.SampleRequest;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.training.DenoisingLearner;
import io.github.diffusion4j.training.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast this machine trains a model and draws from it.
 *
 * @param imagesPerSecond images that are seen in a second of training
 * @param stepSeconds seconds that one step of drawing one image of many takes
 */
record MachineSpeed(double imagesPerSecond, double stepSeconds) {
  private static final int LEAST_STEPS = 2;
  private static final int DRAWN = 64;
  private static final int DRAWING_STEPS = 2;

  /**
   * Trains and draws for a moment with a network that is then thrown away.
   *
   * @param seconds of training; at least two steps are taken, the first of which does not count
   */
  static MachineSpeed measure(ExperimentConfig config, ImageDataset data, double seconds)
      throws IOException {
    DenoisingLearner learner = new DenoisingLearner(config);
    try (Trainer trainer = new Trainer(config, data, learner);
        Scope scope = Scope.open()) {
      double[] start = new double[1];
      List<Double> ends = new ArrayList<>();
      trainer.run(
          () -> ends.size() >= LEAST_STEPS && trainer.elapsedSeconds() - start[0] >= seconds,
          report -> {
            if (ends.isEmpty()) {
              start[0] = report.elapsedSeconds();
            }
            ends.add(report.elapsedSeconds());
          });
      double counted = ends.get(ends.size() - 1) - start[0];
      double images = (double) config.training().batch() * Math.max(1, ends.size() - 1);
      return new MachineSpeed(
          images / (counted > 0 ? counted : start[0]),
          step(new DiffusionModel(learner.average(), config.process()), config.sampling()));
    }
  }

  private static double step(DiffusionModel model, SamplingConfig sampling) {
    int steps = Math.min(DRAWING_STEPS, sampling.steps());
    seconds(model, sampling, 1);
    return seconds(model, sampling, steps) / steps / DRAWN;
  }

  private static double seconds(DiffusionModel model, SamplingConfig sampling, int steps) {
    SamplingConfig few =
        new SamplingConfig(sampling.sampler(), steps, sampling.eta(), sampling.spacing());
    long start = System.nanoTime();
    try (Scope scope = Scope.open()) {
      model.sample(SampleRequest.of(DRAWN), few, SamplingListener.NONE);
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
