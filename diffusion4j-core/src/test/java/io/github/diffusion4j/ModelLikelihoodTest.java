package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.ModelLikelihood.BoundOptions;
import io.github.diffusion4j.ModelLikelihood.Dequantizer;
import io.github.diffusion4j.ModelLikelihood.FlowOptions;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.InMemoryDataset;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.likelihood.BoundTable;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelLikelihoodTest {
  private static final BoundOptions BOUND =
      new BoundOptions(VarianceChoice.BETA, X0Range.CLIP_TO_DATA, DiscretizedDecoder.EXACT, 10, 1);

  @Test
  void bound_ofAConditionalModel_asksForTheClassOfEachImage() throws IOException {
    try (DiffusionModel model = model(TestExperiments.network(0, Optional.of(2)));
        Scope scope = Scope.open()) {
      BoundTable right = bound(model, labeled(0, 1));
      BoundTable wrong = bound(model, labeled(1, 0));

      // The same images, noise and times: only the classes differ.
      assertThat(right.prior()).isEqualTo(wrong.prior());
      assertThat(right.total()).isNotEqualTo(wrong.total());
      assertThat(bound(model, labeled(0, 1)).total()).isEqualTo(right.total());
    }
  }

  @ParameterizedTest
  @EnumSource(Dequantizer.class)
  void flow_ofAnUntrainedModel_isFinite(Dequantizer dequantizer) throws IOException {
    try (DiffusionModel model = model(TestExperiments.unconditional());
        Scope scope = Scope.open()) {
      ModelLikelihood likelihood = new ModelLikelihood(model, labeled(0, 1), 3, 1);

      double bits = likelihood.flow(new FlowOptions(dequantizer, 4, 1), BOUND, done -> {}).mean();

      assertThat(bits).isBetween(0.0, 100.0);
    }
  }

  @Test
  void flow_zeroTerminalSnr_beginsWhereSomethingIsLeft() throws IOException {
    Double[] betas = new Double[20];
    Arrays.fill(betas, 0.3);
    betas[19] = 1.0;
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.Table(List.of(betas)),
            PredictionTarget.V,
            VarianceChoice.BETA,
            X0Range.UNBOUNDED);
    try (DiffusionModel model =
            new DiffusionModel(new UNet(TestExperiments.unconditional(), Seed.of(1)), process);
        Scope scope = Scope.open()) {
      ModelLikelihood likelihood = new ModelLikelihood(model, labeled(0, 1), 3, 1);

      assertThat(
              likelihood.flow(new FlowOptions(Dequantizer.UNIFORM, 8, 1), BOUND, done -> {}).mean())
          .isFinite();
      assertThat(likelihood.bound(BOUND, done -> {}).total().mean()).isFinite();
    }
  }

  /** The network of EDM is asked in its own way by both. */
  @Test
  void likelihoods_processOfEdm_areFinite() throws IOException {
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.Edm(50, 0.002, 80, 0.5, ScheduleConfig.Edm.Spacing.KARRAS, 7),
            PredictionTarget.PRECONDITIONED,
            VarianceChoice.BETA,
            X0Range.UNBOUNDED);
    try (DiffusionModel model =
            new DiffusionModel(new UNet(TestExperiments.unconditional(), Seed.of(1)), process);
        Scope scope = Scope.open()) {
      ModelLikelihood likelihood = new ModelLikelihood(model, labeled(0, 1), 3, 1);

      assertThat(
              likelihood.flow(new FlowOptions(Dequantizer.UNIFORM, 8, 1), BOUND, done -> {}).mean())
          .isBetween(0.0, 100.0);
      assertThat(likelihood.bound(BOUND, done -> {}).total().mean()).isBetween(0.0, 100.0);
    }
  }

  @Test
  void images_askedForMoreThanThereAre_areAll() throws IOException {
    try (DiffusionModel model = model(TestExperiments.unconditional());
        Scope scope = Scope.open()) {
      assertThat(new ModelLikelihood(model, labeled(0, 1), 5, 1).images()).isEqualTo(5);
      assertThat(new ModelLikelihood(model, labeled(0, 1), 100, 1).images()).isEqualTo(8);
    }
  }

  @Test
  void images_ofAnotherShapeOrWithoutClasses_areRefused() throws IOException {
    try (DiffusionModel model = model(TestExperiments.unconditional());
        DiffusionModel conditional = model(TestExperiments.network(0, Optional.of(2)));
        Scope scope = Scope.open()) {
      ImageDataset unlabeled = InMemoryDataset.of(new ImageShape(1, 8, 8), new byte[128]);

      assertThatThrownBy(() -> new ModelLikelihood(model, EmbeddedDigits.load(), 4, 1))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("28")
          .hasMessageContaining("8");
      assertThatThrownBy(() -> new ModelLikelihood(conditional, unlabeled, 2, 1))
          .isInstanceOf(UserException.class)
          .hasMessage("the model is one of 2 classes; the data have none");
      assertThatThrownBy(() -> new ModelLikelihood(conditional, labeled(1, 2), 2, 1))
          .isInstanceOf(UserException.class)
          .hasMessage("the data have class 2; allowed: 0…1");
    }
  }

  private static BoundTable bound(DiffusionModel model, ImageDataset data) throws IOException {
    return new ModelLikelihood(model, data, 8, 1).bound(BOUND, done -> {});
  }

  /** Eight gray images, in two classes in turn. */
  private static ImageDataset labeled(int even, int odd) {
    byte[] pixels = new byte[8 * 64];
    byte[] labels = new byte[8];
    for (int i = 0; i < 8; i++) {
      Arrays.fill(pixels, i * 64, (i + 1) * 64, (byte) (20 * i));
      labels[i] = (byte) (i % 2 == 0 ? even : odd);
    }
    return InMemoryDataset.labeled(new ImageShape(1, 8, 8), pixels, labels, List.of("a", "b", "c"));
  }

  private static DiffusionModel model(UNetConfig config) {
    return new DiffusionModel(new UNet(config, Seed.of(1)), TestExperiments.steps(1).process());
  }
}
