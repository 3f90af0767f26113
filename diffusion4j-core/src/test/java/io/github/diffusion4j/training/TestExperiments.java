package io.github.diffusion4j.training;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.BudgetConfig;
import io.github.diffusion4j.config.DataConfig;
import io.github.diffusion4j.config.EmaConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LearningRateConfig;
import io.github.diffusion4j.config.LossConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.OptimizerConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ReportingConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TrainingConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.InMemoryDataset;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Experiments so small that a training step takes milliseconds: 8 x 8 pixels, one channel. */
public final class TestExperiments {
  /** Everything a test may want to change, with values that train. */
  public static final OptimizerConfig ADAM = optimizer(OptimizerConfig.Kind.ADAM, Optional.of(1.0));

  /** Muon with the same constants. */
  public static final OptimizerConfig MUON = optimizer(OptimizerConfig.Kind.MUON, Optional.of(1.0));

  private TestExperiments() {}

  /** Returns an optimizer that clips gradients at {@code clip}. */
  public static OptimizerConfig optimizer(OptimizerConfig.Kind kind, Optional<Double> clip) {
    return new OptimizerConfig(kind, 0.9, 0.99, 1e-8, 0, 5, clip);
  }

  /** Returns a network of two levels without classes. */
  public static UNetConfig unconditional() {
    return network(0, Optional.empty());
  }

  /** Returns a network of two levels. */
  public static UNetConfig network(double dropout, Optional<Integer> classes) {
    LayerConfig layers =
        new LayerConfig(
            4,
            1e-5,
            dropout,
            Optional.empty(),
            LayerConfig.Downsampling.SYMMETRIC,
            new TimeEmbeddingConfig(TimeEmbeddingConfig.Order.SIN_COS, 1),
            LayerConfig.Initialization.TORCH);
    List<BlockKind> blocks = List.of(BlockKind.RESIDUAL, BlockKind.RESIDUAL);
    return new UNetConfig(1, 8, List.of(4, 8), blocks, 1, layers, classes);
  }

  /** Returns an experiment of {@code steps} steps with batches of 4 and Adam. */
  public static ExperimentConfig steps(long steps) {
    return of(unconditional(), training(4, 1, budget(steps), ADAM, 1e-3));
  }

  /** Returns an experiment with this network and training. */
  public static ExperimentConfig of(ModelConfig model, TrainingConfig training) {
    return new ExperimentConfig(
        "test",
        "",
        7,
        new DataConfig(
            "digits",
            DataConfig.Fit.CROP,
            DataConfig.Flip.HORIZONTAL,
            DataConfig.Corrupt.STOP,
            Optional.empty()),
        model,
        new ProcessConfig(
            new ScheduleConfig.Cosine(100),
            ProcessConfig.PredictionTarget.V,
            ProcessConfig.VarianceChoice.BETA_TILDE,
            ProcessConfig.X0Range.CLIP_TO_DATA),
        training,
        new SamplingConfig(SamplingConfig.Sampler.DDPM, 5, 0, SamplingConfig.Spacing.TRAILING),
        new ReportingConfig(1, 1000, 1000, 4));
  }

  /**
   * Returns an experiment of {@code steps} steps whose network learns the variance too; T and the
   * batch are 5, so that every time is seen in the first step.
   */
  public static ExperimentConfig learned(long steps, LossConfig loss) {
    ExperimentConfig plain = steps(steps);
    ProcessConfig process = plain.process();
    TrainingConfig training = plain.training();
    return new ExperimentConfig(
        plain.name(),
        plain.description(),
        plain.seed(),
        plain.data(),
        plain.model(),
        new ProcessConfig(
            new ScheduleConfig.Cosine(5),
            process.prediction(),
            ProcessConfig.VarianceChoice.LEARNED_RANGE,
            process.x0Range()),
        new TrainingConfig(
            5,
            training.accumulation(),
            training.budget(),
            training.optimizer(),
            training.learningRate(),
            training.ema(),
            loss),
        plain.sampling(),
        plain.reporting());
  }

  /** Returns a training with a cosine decay, a short warm-up and an average that warms up. */
  public static TrainingConfig training(
      int batch, int accumulation, BudgetConfig budget, OptimizerConfig optimizer, double rate) {
    return new TrainingConfig(
        batch,
        accumulation,
        budget,
        optimizer,
        new LearningRateConfig(rate, 2, LearningRateConfig.Decay.COSINE),
        new EmaConfig(0.99, new EmaConfig.RampUp.Power(1, 0.75)),
        new LossConfig.Simple(
            new LossConfig.Weighting.MinSnr(5), new LossConfig.TimestepSampling.Stratified()));
  }

  /** Returns a budget of steps. */
  public static BudgetConfig budget(long steps) {
    return new BudgetConfig(Optional.of(steps), Optional.empty());
  }

  /** Returns images of one smooth stroke each, in two classes. */
  public static ImageDataset images(int count) {
    SplittableRandom random = new SplittableRandom(3);
    byte[] pixels = new byte[count * 64];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 2);
      double center = 1 + random.nextDouble() * 6;
      for (int p = 0; p < 64; p++) {
        double distance = (i % 2 == 0 ? p / 8 : p % 8) - center;
        pixels[i * 64 + p] = (byte) (255 * Math.exp(-distance * distance));
      }
    }
    ImageShape shape = new ImageShape(1, 8, 8);
    return InMemoryDataset.labeled(shape, pixels, labels, List.of("rows", "columns"));
  }
}
