package io.github.diffusion4j.baseline;

import static java.util.Objects.requireNonNull;

import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.BudgetConfig;
import io.github.diffusion4j.config.DataConfig;
import io.github.diffusion4j.config.EmaConfig;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.config.HvaeConfig;
import io.github.diffusion4j.config.LearningRateConfig;
import io.github.diffusion4j.config.PlainTrainingConfig;
import io.github.diffusion4j.config.ReportingConfig;
import io.github.diffusion4j.config.VaeConfig;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.TestExperiments;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Models of 8 x 8 pixels, so small that a training step takes milliseconds. */
public final class TestFamilies {
  /** An autoencoder. */
  public static final VaeConfig VAE = new VaeConfig(1, 8, List.of(8, 8), 3, 0);

  /** A hierarchical one, with two latent images of 4 x 4 and one of 8 x 8. */
  public static final HvaeConfig HVAE = new HvaeConfig(1, 8, List.of(8, 8), 3, List.of(1, 2), 2, 0);

  /** An adversarial network, with a penalty in every second step. */
  public static final GanConfig GAN = new GanConfig(1, 8, List.of(8, 8), 3, List.of(8, 8), 1.0, 2);

  private TestFamilies() {}

  /** Returns the three. */
  public static List<FamilyConfig> all() {
    return List.of(VAE, HVAE, GAN);
  }

  /** Returns a recipe of {@code steps} steps with batches of 4. */
  public static BaselineConfig steps(FamilyConfig family, long steps) {
    return new BaselineConfig(
        "test",
        "",
        7,
        new DataConfig(
            "digits",
            DataConfig.Fit.CROP,
            DataConfig.Flip.HORIZONTAL,
            DataConfig.Corrupt.STOP,
            Optional.empty()),
        family,
        new PlainTrainingConfig(
            4,
            new BudgetConfig(Optional.of(steps), Optional.empty()),
            TestExperiments.ADAM,
            new LearningRateConfig(2e-3, 2, LearningRateConfig.Decay.LINEAR),
            new EmaConfig(0.9, new EmaConfig.RampUp.None()),
            Optional.empty()),
        new ReportingConfig(1, 1000, 1000, 4));
  }

  /** Returns images [count, 1, 8, 8] of 256 values from −1 to 1. */
  static Tensor images(int count) {
    SplittableRandom random = new SplittableRandom(3);
    double[] pixels =
        random.ints((long) count * 64, 0, 256).mapToDouble(value -> value / 127.5 - 1).toArray();
    float[] values = new float[pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) pixels[i];
    }
    return Tensor.of(values, count, 1, 8, 8);
  }

  /** Makes a layer that answers {@code bias} to everything. */
  public static void silence(Baseline network, String layer, double bias) {
    try (NoGrad off = NoGrad.open()) {
      Map<String, Tensor> parameters = network.parameters();
      requireNonNull(parameters.get(layer + ".weight")).fillInPlace(0);
      requireNonNull(parameters.get(layer + ".bias")).fillInPlace(bias);
    }
  }

  /** Gives every parameter of a network values of its own, zeros included. */
  static void shake(Baseline network) {
    try (NoGrad off = NoGrad.open()) {
      network
          .parameters()
          .forEach(
              (name, parameter) ->
                  parameter.plusInPlace(Seed.of(5).derive(name).normal(parameter.shape()), 0.1));
    }
  }
}
