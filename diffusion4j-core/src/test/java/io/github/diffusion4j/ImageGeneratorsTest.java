package io.github.diffusion4j;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGeneratorsTest {
  private static final ExperimentConfig EXPERIMENT = TestExperiments.steps(1);

  @TempDir Path folder;

  @Test
  void open_runDirectory_drawsTheImagesOfItsModel() throws IOException {
    train();
    try (ImageGenerator generator =
            ImageGenerators.open(
                folder, DrawingOptions.of(SamplingChoice.of(EXPERIMENT.sampling())));
        DiffusionModel model = DiffusionModel.open(folder);
        Scope scope = Scope.open()) {
      Tensor expected =
          model.sample(SampleRequest.of(4), EXPERIMENT.sampling(), SamplingListener.NONE);

      assertThat(generator.draw(0, 4, Seed.of(0)).toFloats()).isEqualTo(expected.toFloats());
      assertNumbers(generator.draw(2, 1, Seed.of(0)).toDoubles())
          .areCloseTo(expected.narrow(0, 2, 1).toDoubles(), 1e-4);
      assertThat(generator.shape()).isEqualTo(new ImageShape(1, 8, 8));
      assertThat(generator.parameters()).isEqualTo(model.network().parameterCount());
    }
  }

  @Test
  void manner_choices_areNamed() throws IOException {
    train();
    int all = EXPERIMENT.process().schedule().steps();
    SamplingChoice ddim =
        new SamplingChoice(
            Optional.of(SamplingConfig.Sampler.DDIM), Optional.of(3), 0.5, Optional.empty());

    assertThat(manner(SamplingChoice.OF_THE_MODEL))
        .isEqualTo("ddpm, %d steps, trailing spacing, engine torch".formatted(Math.min(50, all)));
    assertThat(manner(ddim)).isEqualTo("ddim, 3 steps, trailing spacing, eta 0.5, engine torch");
    assertThat(manner(SamplingChoice.OF_THE_MODEL.respaced(Optional.of("3,2"))))
        .isEqualTo("ddpm, 5 steps, respacing 3,2, engine torch");
  }

  @Test
  void respacing_withStepsOrNonsense_isRefused() throws IOException {
    train();
    SamplingChoice both =
        new SamplingChoice(Optional.empty(), Optional.of(3), 0, Optional.empty())
            .respaced(Optional.of("3"));

    assertThatThrownBy(() -> manner(both))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "the respacing is 3, which says how many steps there are and where; allowed: no steps or spacing beside it");
    assertThatThrownBy(() -> manner(SamplingChoice.OF_THE_MODEL.respaced(Optional.of("x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the respacing is \"x\"; allowed: ");
  }

  /** All steps in one section are ancestral sampling over all steps; three of them are another. */
  @Test
  void respacing_allSteps_isTheWholeRun() throws IOException {
    train();
    int all = EXPERIMENT.process().schedule().steps();

    SamplingChoice whole =
        new SamplingChoice(
            Optional.of(SamplingConfig.Sampler.DDPM), Optional.of(all), 0, Optional.empty());

    assertThat(four(SamplingChoice.OF_THE_MODEL.respaced(Optional.of("" + all))))
        .containsExactly(four(whole));
    assertThat(four(SamplingChoice.OF_THE_MODEL.respaced(Optional.of("2,1"))))
        .isNotEqualTo(four(whole));
  }

  private float[] four(SamplingChoice choice) throws IOException {
    try (ImageGenerator generator = ImageGenerators.open(folder, DrawingOptions.of(choice));
        Scope scope = Scope.open()) {
      return generator.draw(0, 4, Seed.of(0)).toFloats();
    }
  }

  /** Nothing but our marks says that the model is ours. */
  @Test
  void manner_folderOfOthers_isWhatItSays() throws IOException {
    train();
    Path checkpoint = ModelSource.resolve(folder);
    Files.delete(checkpoint.resolve("training_state.json"));

    assertThat(manner(SamplingChoice.OF_THE_MODEL)).startsWith("ddpm, ");
    Path index = checkpoint.resolve("model_index.json");
    Files.writeString(index, Files.readString(index).replace("_trained_with", "_by"));
    assertThat(manner(SamplingChoice.OF_THE_MODEL))
        .isEqualTo(
            "ddpm as its folder says, %d steps, engine torch"
                .formatted(EXPERIMENT.process().schedule().steps()));
  }

  /** Images that nobody chose a sampler for are those of the same sampler, chosen. */
  @Test
  void fingerprint_defaultOrTheSameByName_isTheSame() throws IOException {
    train();
    SamplingChoice named =
        new SamplingChoice(
            Optional.of(SamplingConfig.Sampler.DDPM), Optional.empty(), 0, Optional.empty());

    assertThat(drawn(SamplingChoice.OF_THE_MODEL)).isEqualTo(drawn(named));
  }

  /** A spacing alone names no sampler, and is not refused for one that nobody named. */
  @Test
  void manner_spacingOfSigmaAlone_takesASolver() throws IOException {
    train();
    SamplingChoice karras =
        new SamplingChoice(
            Optional.empty(), Optional.of(4), 0, Optional.of(SamplingConfig.Spacing.KARRAS));

    assertThat(manner(karras)).isEqualTo("dpm++2m, 4 steps, karras spacing, engine torch");
  }

  private String drawn(SamplingChoice choice) throws IOException {
    try (ImageGenerator generator = ImageGenerators.open(folder, DrawingOptions.of(choice))) {
      return new GeneratedImages(generator, "weights", 10, 0, 10).fingerprint();
    }
  }

  @Test
  void open_etaOfASamplerThatHasNone_isRefused() throws IOException {
    train();
    assertThatThrownBy(
            () ->
                manner(new SamplingChoice(Optional.empty(), Optional.empty(), 1, Optional.empty())))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "--eta is 1.0, but the sampler is ddpm unless one is named; allowed: ddim, or no --eta");
    assertThatThrownBy(
            () ->
                manner(
                    new SamplingChoice(
                        Optional.of(SamplingConfig.Sampler.HEUN),
                        Optional.of(2),
                        0.5,
                        Optional.empty())))
        .isInstanceOf(UserException.class)
        .hasMessage("--eta is 0.5, but the sampler is heun; allowed: ddim, or no --eta");
  }

  @Test
  void open_moreStepsThanTheModelHas_isRefused() throws IOException {
    train();
    SamplingChoice tooMany =
        new SamplingChoice(Optional.empty(), Optional.of(100_000), 0, Optional.empty());

    assertThatThrownBy(() -> manner(tooMany))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("--steps is 100000; allowed: 1…");
  }

  @Test
  void open_emptyFolder_isRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThatThrownBy(() -> ImageGenerators.open(empty, DrawingOptions.OF_THE_MODEL))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is no model: it holds nothing");
  }

  /** What decides the images is in it, what is only said of the model is not. */
  @Test
  void fingerprint_otherOptions_isAnother() throws IOException {
    train();
    Path checkpoint = ModelSource.resolve(folder);
    String before = ImageGenerators.fingerprint(folder);
    Files.writeString(checkpoint.resolve("README.md"), "good");

    assertThat(before).hasSize(64);
    assertThat(ImageGenerators.fingerprint(checkpoint)).isEqualTo(before);
    Path options = checkpoint.resolve("scheduler/scheduler_config.json");
    Files.writeString(options, Files.readString(options) + " ");
    assertThat(ImageGenerators.fingerprint(folder)).isNotEqualTo(before);
  }

  /** Hubs keep files in one place and link to them; whole models may be links too. */
  @Test
  void fingerprint_linkedModels_areTheirTargets() throws IOException {
    train();
    Path one = Files.createDirectories(folder.resolve("plain/one"));
    Path other = Files.createDirectories(folder.resolve("plain/other"));
    for (Path model : List.of(one, other)) {
      Files.createDirectory(model.resolve("unet"));
      Files.writeString(model.resolve("model_index.json"), "{}");
      Files.writeString(folder.resolve(model.getFileName() + ".bin"), "weights of " + model);
      Files.createSymbolicLink(
          model.resolve("unet/weights"), folder.resolve(model.getFileName() + ".bin"));
    }
    Path first = Files.createSymbolicLink(folder.resolve("first"), one);
    Path second = Files.createSymbolicLink(folder.resolve("second"), other);

    assertThat(ImageGenerators.fingerprint(first)).isEqualTo(ImageGenerators.fingerprint(one));
    assertThat(ImageGenerators.fingerprint(second)).isEqualTo(ImageGenerators.fingerprint(other));
    assertThat(ImageGenerators.fingerprint(first))
        .isNotEqualTo(ImageGenerators.fingerprint(second));
  }

  private String manner(SamplingChoice choice) throws IOException {
    try (ImageGenerator generator = ImageGenerators.open(folder, DrawingOptions.of(choice))) {
      return generator.manner();
    }
  }

  private void train() throws IOException {
    try (TrainingRun training = TrainingRun.start(EXPERIMENT, TestExperiments.images(8), folder)) {
      training.train(() -> false, report -> {});
    }
  }
}
