package io.github.diffusion4j;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Extent;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.AnalyticVariance;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.sampling.SeededNoise;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffusionModelTest {
  private static final ExperimentConfig EXPERIMENT = TestExperiments.steps(2);
  private static final SamplingConfig SAMPLING = EXPERIMENT.sampling();

  @TempDir Path folder;

  @Test
  void open_runDirectory_drawsTheImagesOfTheRun() throws IOException {
    SampleRequest request = SampleRequest.of(3);
    float[] expected;
    try (TrainingRun run =
            TrainingRun.start(EXPERIMENT, TestExperiments.images(8), folder.resolve("run"));
        Scope scope = Scope.open()) {
      run.train(() -> false, report -> {});
      expected = run.model().sample(request, SAMPLING, SamplingListener.NONE).toFloats();
    }
    try (DiffusionModel model = DiffusionModel.open(folder.resolve("run"));
        Scope scope = Scope.open()) {
      Tensor images = model.sample(request, SAMPLING, SamplingListener.NONE);

      assertThat(images.toFloats()).isEqualTo(expected);
      assertThat(images.shape()).containsExactly(3, 1, 8, 8);
      assertThat(model.process()).isEqualTo(EXPERIMENT.process());
    }
  }

  @Test
  void sample_oneImageAlone_isThatOfTheBatch() {
    for (Optional<Integer> classes : List.of(Optional.<Integer>empty(), Optional.of(2))) {
      try (DiffusionModel model = model(TestExperiments.network(0, classes));
          Scope scope = Scope.open()) {
        SampleRequest alone = new SampleRequest(5, 3, 1, Optional.empty());
        Tensor batch =
            model.sample(
                new SampleRequest(5, 0, 4, Optional.empty()), SAMPLING, SamplingListener.NONE);

        assertNumbers(model.sample(alone, SAMPLING, SamplingListener.NONE).toDoubles())
            .areCloseTo(batch.narrow(0, 3, 1).toDoubles(), 1e-4);
      }
    }
  }

  @Test
  void sample_imagesThatAreNoSquares_haveTheirHeightAndWidth() {
    Optional<Extent> wide = Optional.of(new Extent.Rectangle(16));
    try (DiffusionModel model = model(with(wide));
        Scope scope = Scope.open()) {
      Tensor images = model.sample(SampleRequest.of(2), SAMPLING, SamplingListener.NONE);

      assertThat(images.shape()).containsExactly(2, 1, 8, 16);
    }
  }

  @Test
  void sample_imagesOfUnknownSize_asksForIt() {
    Optional<Extent> unknown = Optional.of(new Extent.Unknown());
    try (DiffusionModel model = model(with(unknown));
        Scope scope = Scope.open()) {
      assertThatThrownBy(() -> model.sample(SampleRequest.of(2), SAMPLING, SamplingListener.NONE))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("the model does not say how large its images are; allowed:");
    }
  }

  private static UNetConfig with(Optional<Extent> extent) {
    UNetConfig square = TestExperiments.network(0, Optional.empty());
    return new UNetConfig(
        square.channels(),
        square.size(),
        square.widths(),
        square.blocks(),
        square.middle(),
        square.blocksPerLevel(),
        square.layers(),
        square.classes(),
        square.outputChannels(),
        square.upBlocks(),
        square.classEmbedding(),
        square.inputRange(),
        extent);
  }

  /** Measured at the steps that are taken, and used by ancestral sampling. */
  @Test
  void sample_analyticVariance_drawsOtherImagesThanTheFixedOne() {
    try (DiffusionModel model = model(TestExperiments.unconditional());
        Scope scope = Scope.open()) {
      Tensor x0 = Seed.of(1).uniform(16, 1, 8, 8).times(2).minus(1);
      AnalyticVariance variance = model.analyticVariance(x0, Optional.empty(), SAMPLING, 3);
      SampleRequest request = SampleRequest.of(2);

      double[] fixed = model.sample(request, SAMPLING, SamplingListener.NONE).toDoubles();
      double[] analytic =
          model.sample(request, SAMPLING, variance, SamplingListener.NONE).toDoubles();

      assertThat(variance.varianceOfX0()).hasSize(100);
      assertThat(model.analyticVariance(x0, Optional.empty(), SAMPLING, 3)).isEqualTo(variance);
      assertThat(analytic).doesNotContain(Double.NaN).isNotEqualTo(fixed);
    }
  }

  @Test
  void sample_labels_areThoseOfTheClasses() {
    try (DiffusionModel model = model(TestExperiments.network(0, Optional.of(2)));
        Scope scope = Scope.open()) {
      double[] zero = sample(model, Optional.of(0));
      double[] one = sample(model, Optional.of(1));

      assertNumbers(sample(model, Optional.empty())).areCloseTo(zero, 1e-6);
      assertThat(one).isNotEqualTo(zero);
      assertThatThrownBy(() -> sample(model, Optional.of(2)))
          .isInstanceOf(UserException.class)
          .hasMessage("label is 2; allowed: 0…1");
      assertThatThrownBy(() -> sample(model, Optional.of(-1)))
          .isInstanceOf(UserException.class)
          .hasMessage("label is -1; allowed: 0…1");
    }
  }

  @Test
  void sample_labelForAnUnconditionalModel_isRefused() {
    try (DiffusionModel model = model(TestExperiments.unconditional())) {
      assertThatThrownBy(() -> sample(model, Optional.of(1)))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("unconditional");
    }
  }

  @Test
  void sample_moreStepsThanTheSchedule_isRefused() {
    SamplingConfig tooMany =
        new SamplingConfig(SamplingConfig.Sampler.DDIM, 101, 0, SamplingConfig.Spacing.LEADING);
    try (DiffusionModel model = model(TestExperiments.unconditional())) {
      assertThatThrownBy(() -> model.sample(SampleRequest.of(1), tooMany, SamplingListener.NONE))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("sampling.steps is 101; allowed: 1…100");
    }
  }

  @Test
  void sample_manySteps_leavesNoNativeObjects() {
    SamplingConfig many =
        new SamplingConfig(SamplingConfig.Sampler.DDPM, 50, 0, SamplingConfig.Spacing.TRAILING);
    long[] live = new long[many.steps() + 1];
    LiveObjects.settled();
    try (DiffusionModel model = model(TestExperiments.unconditional());
        Scope scope = Scope.open()) {
      model.sample(SampleRequest.of(2), many, step -> live[step.number()] = Scope.liveObjects());
    }

    assertThat(live[50]).isEqualTo(live[20]);
  }

  @Test
  void sample_beginningWithImages_takesTheShareOfTheSteps() {
    int[] looks = new int[1];
    try (DiffusionModel model = model(TestExperiments.unconditional());
        Scope scope = Scope.open()) {
      for (double strength : new double[] {0.2, 0.5, 0.75, 1}) {
        looks[0] = 0;
        Tensor images =
            model.sample(
                SampleRequest.of(2).beginningWith(new InitialImages(gray(2), strength)),
                SAMPLING,
                step -> looks[0]++);

        assertThat(images.shape()).containsExactly(2, 1, 8, 8);
        assertThat(looks[0]).isEqualTo((int) (SAMPLING.steps() * strength));
      }
    }
  }

  /** Noise of the request's seed is added up to the level of the strength, and removed again. */
  @Test
  void sample_beginningWithImages_isASamplerFromTheirLevel() {
    try (DiffusionModel model = model(TestExperiments.unconditional());
        Scope scope = Scope.open()) {
      Sampler sampler = Samplers.of(SAMPLING, EXPERIMENT.process());
      SeededNoise noise = new SeededNoise(Seed.of(0), 0);
      int s = SAMPLING.steps() / 2;
      Tensor xs = sampler.grid().noised(s, gray(2), noise);
      Denoiser denoiser = model.denoiser(Optional.empty(), EXPERIMENT.process().x0Range());

      assertNumbers(
              model
                  .sample(
                      SampleRequest.of(2).beginningWith(new InitialImages(gray(2), 0.5)),
                      SAMPLING,
                      SamplingListener.NONE)
                  .toDoubles())
          .areCloseTo(
              sampler
                  .sampleFrom(s, xs, denoiser, noise, SamplingListener.NONE)
                  .clamp(-1, 1)
                  .toDoubles(),
              1e-4);
    }
  }

  @Test
  void sample_asTheFolderSays_beginsWithImagesToo() {
    int[] looks = new int[1];
    try (DiffusionModel model = model(TestExperiments.unconditional());
        Scope scope = Scope.open()) {
      model.sample(
          SampleRequest.of(2).beginningWith(new InitialImages(gray(2), 0.6)),
          10,
          StepArguments.DEFAULT,
          step -> looks[0]++);

      assertThat(looks[0]).isEqualTo(6);
    }
  }

  @Test
  void sample_initialImagesOfAnotherNumber_areRefused() {
    SampleRequest request = SampleRequest.of(3).beginningWith(new InitialImages(gray(2), 0.5));
    try (DiffusionModel model = model(TestExperiments.unconditional());
        Scope scope = Scope.open()) {
      assertThatThrownBy(() -> model.sample(request, SAMPLING, SamplingListener.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the initial images are [2, 1, 8, 8]; allowed: [3, 1, 8, 8]");
    }
  }

  private static Tensor gray(long count) {
    return Tensor.full(0.3, count, 1, 8, 8);
  }

  @Test
  void request_ofNoImages_isRefused() {
    assertThatThrownBy(() -> SampleRequest.of(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count is 0; allowed: at least 1");
  }

  private static double[] sample(DiffusionModel model, Optional<Integer> label) {
    return model
        .sample(new SampleRequest(1, 0, 1, label), SAMPLING, SamplingListener.NONE)
        .toDoubles();
  }

  private static DiffusionModel model(UNetConfig config) {
    return new DiffusionModel(new UNet(config, Seed.of(1)), EXPERIMENT.process());
  }
}
