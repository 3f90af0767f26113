package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/** Compares whole tables with those in {@code golden/schedules}; see PROVENANCE.md there. */
final class GoldenSchedules {
  private static final double PERCENT = 1e-10; // relative 1e-12

  private GoldenSchedules() {}

  static void assertEqual(NoiseSchedule schedule, String name) {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> golden = read();
      assertTable(name + "/betas", golden, schedule::beta);
      assertTable(name + "/alphas_cumprod", golden, schedule::alphaBar);
      assertTable(name + "/posterior_variance", golden, schedule::betaTilde);
      assertTable(name + "/posterior_log_variance_clipped", golden, schedule::logBetaTildeClipped);
    }
  }

  /** Returns ᾱ₁…ᾱ_T as diffusers has them in single precision after its rescaling to zero SNR. */
  static float[] zeroTerminalSnr(String name) {
    try (Scope scope = Scope.open()) {
      return table(name + "/zero_snr_alphas_cumprod", read()).toFloats();
    }
  }

  private static Map<String, Tensor> read() {
    URL file = GoldenSchedules.class.getResource("/golden/schedules/schedules.safetensors");
    try {
      return Safetensors.read(Path.of(Objects.requireNonNull(file).toURI()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Tensor table(String name, Map<String, Tensor> golden) {
    return Objects.requireNonNull(golden.get(name), name);
  }

  private static void assertTable(
      String name, Map<String, Tensor> golden, IntToDoubleFunction table) {
    double[] expected = table(name, golden).toDoubles();
    for (int t = 1; t <= expected.length; t++) {
      assertThat(table.applyAsDouble(t))
          .as("%s at t = %d", name, t)
          .isCloseTo(expected[t - 1], withinPercentage(PERCENT));
    }
  }
}
