package io.github.diffusion4j.baseline;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Inspection;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.config.HvaeConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.VaeConfig;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerics")
class BaselineTest {
  @TempDir Path folder;

  static List<FamilyConfig> families() {
    return TestFamilies.all();
  }

  static Stream<FamilyConfig> shapes() {
    return Stream.of(
        new VaeConfig(3, 12, List.of(8, 16, 8), 5, 0),
        new HvaeConfig(3, 12, List.of(8, 16, 8), 5, List.of(2, 1, 1), 3, 0),
        new GanConfig(3, 12, List.of(8, 16, 8), 5, List.of(8, 16), 1, 1),
        new VaeConfig(1, 20, List.of(8), 2, 0),
        new HvaeConfig(1, 32, List.of(8, 8, 8, 8), 2, List.of(1, 1, 1, 1), 1, 0));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void draw_anyShape_isImagesInRange(FamilyConfig config) {
    try (Scope scope = Scope.open();
        Baseline model = Baseline.of(config, Seed.of(1))) {
      Tensor images = model.draw(0, 2, Seed.of(2));

      assertThat(images.shape())
          .containsExactly(2, config.channels(), config.size(), config.size());
      assertThat(images.abs().clamp(0, 1).minus(images.abs()).abs().sum().item()).isZero();
      if (model instanceof LatentVariableModel latent) {
        Elbo elbo = latent.elbo(images, LatentNoise.together(Seed.of(3)));
        assertThat(elbo.nats().shape()).containsExactly(2);
        assertThat(elbo.nats().sum().item()).isFinite().isNegative();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void draw_oneImage_isTheSameAloneAndInABatch(FamilyConfig config) {
    try (Scope scope = Scope.open();
        Baseline model = Baseline.of(config, Seed.of(1))) {
      TestFamilies.shake(model);
      Tensor many = model.draw(3, 5, Seed.of(2));
      Tensor alone = model.draw(6, 1, Seed.of(2));
      Tensor next = model.draw(7, 1, Seed.of(2));

      assertThat(alone.minus(many.narrow(0, 3, 1)).abs().sum().item()).isLessThan(1e-4);
      assertThat(alone.minus(next).abs().sum().item()).isGreaterThan(0.1);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void open_whatWasWritten_drawsTheSameImages(FamilyConfig config) throws IOException {
    try (Scope scope = Scope.open();
        Baseline model = Baseline.of(config, Seed.of(1))) {
      BaselineFolder.write(folder, config, model.parameters());
      try (Baseline read = Baseline.open(folder)) {
        assertThat(read.config()).isEqualTo(config);
        assertNumbers(read.draw(0, 2, Seed.of(4)).toFloats())
            .areEqualTo(model.draw(0, 2, Seed.of(4)).toFloats());
      }
      Inspection inspection = Inspection.of(folder);
      assertThat(inspection.family()).contains(config);
      assertThat(inspection.elements()).isEqualTo(model.parameterCount());
    }
    assertThat(folder.resolve("model_index.json")).content().contains("\"diffusion4j.");
    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("family " + config.word())
        .hasMessageContaining("allowed here: a diffusion model");
  }

  @Test
  void open_weightsOfAnotherShape_isRefusedInOneLine() throws IOException {
    try (Baseline model = Baseline.of(TestFamilies.VAE, Seed.of(1))) {
      BaselineFolder.write(folder, TestFamilies.VAE, model.parameters());
    }
    Path options = folder.resolve("network/config.json");
    Files.writeString(options, Files.readString(options).replace("\"latent\": 3", "\"latent\": 2"));

    assertThatThrownBy(() -> Baseline.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not fit its config.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"latentChannels\": 2", "\"latent\": 3", "\"size\": 8"})
  void open_hugeNetwork_isRefusedBeforeItIsMade(String option) throws IOException {
    try (Baseline model = Baseline.of(TestFamilies.HVAE, Seed.of(1))) {
      BaselineFolder.write(folder, TestFamilies.HVAE, model.parameters());
    }
    Path options = folder.resolve("network/config.json");
    String text = Files.readString(options);
    assertThat(text).contains(option);
    Files.writeString(
        options, text.replace(option, option.substring(0, option.length() - 1) + "2000000000"));

    assertThatThrownBy(() -> Baseline.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("wanted at least");
  }

  /** With differences of 0, where training begins, encoder and prior say the same. */
  @Test
  void elbo_ofAFreshHierarchy_costsNothingBelowTheTop() {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open();
        Hvae model = new Hvae(TestFamilies.HVAE, Seed.of(1))) {
      Elbo elbo = model.elbo(TestFamilies.images(3), LatentNoise.together(Seed.of(3)));

      assertThat(elbo.divergences()).hasSize(4);
      assertThat(elbo.divergences().get(0).toDoubles()).doesNotContain(0);
      assertThat(elbo.divergences().get(1).sum().item()).isZero();
      assertThat(elbo.divergences().get(2).sum().item()).isZero();
      assertThat(elbo.divergences().get(3).sum().item()).isZero();
    }
  }

  @Test
  void kl_ofResidualForm_isTheClosedFormOfTheDifferences() {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      LatentLevel level = new LatentLevel(8, 2);
      level.initialize(Seed.of(1));
      level
          .parameters()
          .forEach(
              (name, parameter) ->
                  parameter.plusInPlace(Seed.of(6).derive(name).normal(parameter.shape()), 0.05));
      LatentLevel.Laws laws =
          level.laws(Seed.of(2).normal(2, 8, 4, 4), Seed.of(3).normal(2, 8, 4, 4));
      double[] mean = laws.prior().mean().toDoubles();
      double[] logVariance = laws.prior().logVariance().toDoubles();
      double[] otherMean = laws.posterior().mean().toDoubles();
      double[] otherLogVariance = laws.posterior().logVariance().toDoubles();
      double expected = 0;
      for (int i = 0; i < mean.length; i++) {
        double shift = otherMean[i] - mean[i];
        double logRatio = otherLogVariance[i] - logVariance[i];
        expected +=
            0.5 * (shift * shift / Math.exp(logVariance[i]) + Math.exp(logRatio) - logRatio - 1);
      }

      assertThat(expected).isGreaterThan(0.01);
      assertThat(laws.posterior().kl(laws.prior()).sum().item())
          .isCloseTo(expected, within(1e-4 * expected));
      level.close();
    }
  }
}
