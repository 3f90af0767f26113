package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.baseline.Hvae;
import io.github.diffusion4j.baseline.TestFamilies;
import io.github.diffusion4j.baseline.Vae;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.VaeConfig;
import io.github.diffusion4j.likelihood.BitsPerDimension;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.training.TestExperiments;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineLikelihoodTest {
  @Test
  void of_aHierarchy_isTheSumOfItsParts() throws IOException {
    try (Hvae model = new Hvae(TestFamilies.HVAE, Seed.of(1))) {
      BaselineLikelihood report =
          BaselineLikelihood.of(model, TestExperiments.images(70), 67, 2, 3, done -> {});

      double sum =
          report.pixels().mean()
              + report.divergences().stream().mapToDouble(BitsPerDimension::mean).sum();
      assertThat(report.images()).isEqualTo(67);
      assertThat(report.divergences()).hasSize(4);
      assertThat(report.bound().mean()).isCloseTo(sum, within(1e-5)).isPositive();
      assertThat(report.bound().standardError()).isPositive();
      assertThat(report.bound().noiseError()).isPresent();
    }
  }

  /** Mean −1 and scale 1/e everywhere: each value has a mass that is known. */
  @Test
  void of_aModelThatKnowsNothing_isTheMeanCodeLengthOfItsLaw() throws IOException {
    VaeConfig config = TestFamilies.VAE;
    try (Vae model = new Vae(config, Seed.of(1))) {
      TestFamilies.silence(model, "posterior.linear_out", 0);
      TestFamilies.silence(model, "decoder.conv_out", -1);
      BaselineLikelihood report =
          BaselineLikelihood.of(model, TestExperiments.images(9), 9, 1, 3, done -> {});

      assertThat(report.divergences()).extracting(BitsPerDimension::mean).containsExactly(0.0);
      assertThat(report.pixels().mean()).isCloseTo(codeLength(), within(1e-4));
      assertThat(report.bound().mean()).isEqualTo(report.pixels().mean());
    }
  }

  private static double codeLength() throws IOException {
    byte[] pixels = new byte[64];
    double bits = 0;
    for (int image = 0; image < 9; image++) {
      TestExperiments.images(9).read(image, pixels, 0);
      for (byte pixel : pixels) {
        int value = Byte.toUnsignedInt(pixel);
        double below = value == 0 ? 0 : distribution(value - 0.5);
        double above = value == 255 ? 1 : distribution(value + 0.5);
        bits -= Math.log(above - below) / Math.log(2) / (9 * 64);
      }
    }
    return bits;
  }

  /** The logistic distribution at a gray level, with mean 0 and a scale of 127.5 / e. */
  private static double distribution(double level) {
    return 1 / (1 + Math.exp(-level / 127.5 * Math.E));
  }

  @Test
  void of_imagesOfAnotherShape_areRefused() {
    try (Vae model = new Vae(new VaeConfig(1, 12, List.of(8), 2, 0), Seed.of(1))) {
      assertThatThrownBy(
              () -> BaselineLikelihood.of(model, TestExperiments.images(9), 9, 1, 3, done -> {}))
          .isInstanceOf(UserException.class)
          .hasMessage("the data are [1, 8, 8]; the model takes [1, 12, 12]");
    }
  }
}
