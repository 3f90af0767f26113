package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.training.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps of a training by the library's own {@link Trainer}: batch, noise, loss, gradient, clipping,
 * optimizer, moving average.
 */
final class TrainingWork implements Work {
  private final Trainer trainer;

  TrainingWork(ExperimentConfig config) {
    UNetConfig network = config.unet();
    ImageShape shape = new ImageShape(network.channels(), network.size(), network.size());
    trainer = new Trainer(config, new RandomImages(shape));
  }

  @Override
  public List<Double> run(int repetitions) throws IOException {
    List<Double> seconds = new ArrayList<>();
    double[] before = {trainer.elapsedSeconds()};
    trainer.run(
        () -> seconds.size() >= repetitions,
        report -> {
          seconds.add(trainer.elapsedSeconds() - before[0]); // a report's own is of the step before
          before[0] = trainer.elapsedSeconds();
        });
    return seconds;
  }

  @Override
  public void close() {
    trainer.close();
  }
}
