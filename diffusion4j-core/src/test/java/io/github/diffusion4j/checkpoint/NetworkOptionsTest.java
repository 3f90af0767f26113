package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.nn.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks with rare options go through a folder unchanged. */
class NetworkOptionsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/unet/options");

  private static final ProcessConfig PROCESS =
      new ProcessConfig(
          new ScheduleConfig.Linear(1000, 1e-4, 0.02),
          PredictionTarget.EPSILON,
          VarianceChoice.BETA_TILDE,
          X0Range.CLIP_TO_DATA);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scale_shift",
        "fourier",
        "learned",
        "timestep",
        "attention_groups",
        "skip",
        "attention_skip",
        "skip_mixed",
        "k"
      })
  void write_networkWithRareOptions_isTheFileOfDiffusers(String name) throws IOException {
    DiffusersPipeline golden = DiffusersPipeline.read(GOLDEN.resolve(name));

    try (Network network = golden.load()) {
      DiffusersPipeline.write(folder, golden.network(), PROCESS, network.parameters());
    }

    assertThat(folder.resolve("unet/config.json"))
        .content()
        .isEqualTo(
            Files.readString(GOLDEN.resolve(name).resolve("config.json"))
                .replace("\"swish\"", "\"silu\"")); // one function, two words
    assertThat(folder.resolve("unet/diffusion_pytorch_model.safetensors"))
        .satisfies(
            file ->
                assertThat(Safetensors.read(file).keySet())
                    .containsExactlyInAnyOrderElementsOf(
                        Safetensors.read(
                                GOLDEN.resolve(name).resolve("diffusion_pytorch_model.safetensors"))
                            .keySet()));
    assertThat(DiffusersPipeline.read(folder).network()).isEqualTo(golden.network());
  }
}
