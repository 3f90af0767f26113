package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.ScheduleConfig.Edm.Spacing;
import io.github.diffusion4j.diffusion.SigmaSpacing;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.sampling.SeededNoise;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Folders whose scheduler is one of EDM's. */
@Tag("numerics")
class EdmModelTest {
  private static final int STEPS = 6;
  private static final long[] SHAPE = {2, 1, 8, 8};

  @TempDir private Path folder = Path.of(".");

  @ParameterizedTest
  @EnumSource(names = {"PRECONDITIONED", "V"})
  void sample_asTheFolderSays_isEulersMethodOfThePaper(PredictionTarget target) throws IOException {
    written(target);
    try (DiffusionModel model = DiffusionModel.open(folder);
        Scope scope = Scope.open()) {
      Tensor images = model.sample(SampleRequest.of(2), STEPS, 0, SamplingListener.NONE);

      assertThat(model.scheduler().solver()).isEqualTo(Plain.EDM_EULER);
      assertThat(largest(images.minus(byHand(model, target)))).isLessThan(1e-4);
    }
  }

  /** There it is a process that only adds noise, and here one that preserves the variance. */
  @Test
  void sample_eulerByName_isTheSameInOtherCoordinates() throws IOException {
    written(PredictionTarget.PRECONDITIONED);
    SamplingConfig sampling =
        new SamplingConfig(SamplingConfig.Sampler.EULER, STEPS, 0, SamplingConfig.Spacing.KARRAS);
    try (DiffusionModel model = DiffusionModel.open(folder);
        Scope scope = Scope.open()) {
      Tensor asTheFolderSays = model.sample(SampleRequest.of(2), STEPS, 0, SamplingListener.NONE);
      Tensor byName = model.sample(SampleRequest.of(2), sampling, SamplingListener.NONE);

      assertThat(largest(byName.minus(asTheFolderSays))).isLessThan(1e-4);
    }
  }

  @Test
  void train_processOfEdm_writesAFolderOfEdm() throws IOException {
    ExperimentConfig plain = TestExperiments.steps(2);
    ExperimentConfig config =
        new ExperimentConfig(
            plain.name(),
            plain.description(),
            plain.seed(),
            plain.data(),
            plain.model(),
            process(PredictionTarget.PRECONDITIONED),
            plain.training(),
            plain.sampling(),
            plain.reporting());
    Path run = folder.resolve("run");
    try (TrainingRun training = TrainingRun.start(config, TestExperiments.images(10), run)) {
      training.train(() -> false, report -> {});
    }

    try (DiffusionModel model = DiffusionModel.open(run);
        Scope scope = Scope.open()) {
      assertThat(model.process()).isEqualTo(config.process());
      assertThat(model.scheduler().solver()).isEqualTo(Plain.EDM_EULER);
      Tensor images = model.sample(SampleRequest.of(2), STEPS, 0, SamplingListener.NONE);
      assertThat(largest(images)).isPositive().isLessThanOrEqualTo(1);
    }
  }

  private void written(PredictionTarget target) throws IOException {
    try (UNet network = new UNet(TestExperiments.unconditional(), Seed.of(1));
        Scope scope = Scope.open()) {
      DiffusersPipeline.write(folder, network.config(), process(target), network.parameters());
    }
  }

  private static ProcessConfig process(PredictionTarget target) {
    return new ProcessConfig(
        new ScheduleConfig.Edm(100, 0.01, 60, 0.4, Spacing.KARRAS, 7),
        target,
        VarianceChoice.BETA_TILDE,
        X0Range.UNBOUNDED);
  }

  /** x + (σ′ − σ) (x − D(x; σ)) / σ, D with the four factors as the paper has them. */
  private static Tensor byHand(DiffusionModel model, PredictionTarget target) {
    double[] sigmas = SigmaSpacing.karras(STEPS, 0.01, 60);
    Tensor x = new SeededNoise(Seed.of(0), 0).xT(SHAPE).times(Math.sqrt(60 * 60 + 1));
    for (int i = 0; i < STEPS; i++) {
      double sigma = sigmas[i];
      double next = i + 1 < STEPS ? sigmas[i + 1] : 0;
      double root = Math.sqrt(sigma * sigma + 0.16);
      double[] told = {Math.log(sigma) / 4, Math.log(sigma) / 4};
      Tensor answer =
          model
              .network()
              .forward(
                  x.dividedBy(root),
                  Tensor.of(told, 2).to(DType.F32),
                  Optional.empty(),
                  Dropout.NONE);
      double out = sigma * 0.4 / root * (target == PredictionTarget.V ? -1 : 1);
      Tensor denoised = x.times(0.16 / (root * root)).plus(answer.times(out));
      x = x.plus(x.minus(denoised).times((next - sigma) / sigma));
    }
    return x.clamp(-1, 1);
  }

  private static double largest(Tensor x) {
    double largest = 0;
    for (double value : x.toDoubles()) {
      largest = Math.max(largest, Math.abs(value));
      assertThat(value).isFinite();
    }
    return largest;
  }
}
