package io.github.diffusion4j.foreign;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FamiliesTest {
  @TempDir Path folder;

  @Test
  void read_tensorsOfNoFamily_saysWhatTheFileHolds() throws IOException {
    Path file = write("state.0.exp_avg", "state.1.exp_avg", "state.2.exp_avg", "state.3.exp_avg");

    assertThatThrownBy(() -> Families.read(file, Flags.NONE))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "%s holds 4 tensors such as state.0.exp_avg, state.1.exp_avg, state.2.exp_avg; allowed: a checkpoint of OpenAI's",
            file);
  }

  @Test
  void read_weightsOfDiffusersAlone_asksForTheirFolder() throws IOException {
    Path file = write("conv_in.weight", "time_embedding.linear_1.weight");

    assertThatThrownBy(() -> Families.read(file, Flags.NONE))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("give the folder with its config.json");
  }

  private Path write(String... names) throws IOException {
    Path file = folder.resolve("file.safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = new TreeMap<>();
      for (String name : names) {
        tensors.put(name, Tensor.zeros(1));
      }
      Safetensors.write(file, tensors, Map.of());
    }
    return file;
  }
}
