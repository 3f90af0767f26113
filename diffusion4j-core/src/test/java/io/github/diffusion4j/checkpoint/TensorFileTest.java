package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"today.pt", "legacy.pt"})
  void read_tensorsInDictionaries_comeBySinglePrecisionAndPath(String name) throws Exception {
    TensorFile file =
        TensorFile.open(
            Path.of(requireNonNull(getClass().getResource("/golden/torch/" + name)).toURI()));

    assertThat(file.notes()).containsEntry("step", "7");
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> read =
          file.read(List.of("model.brain", "model.double", "opt.state.0.step"));
      assertThat(read.keySet()).containsExactly("model.brain", "model.double", "opt.state.0.step");
      assertThat(read.values()).allMatch(tensor -> tensor.type() == DType.F32);
      assertThat(requireNonNull(read.get("model.brain")).toDoubles()).containsExactly(1.5, -2);
    }
  }

  @Test
  void read_safetensors_givesOnlyWhatIsAskedFor() throws IOException {
    Path path = folder.resolve("two.safetensors");
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.of(new float[] {1, 2}, 2);
      Safetensors.write(path, Map.of("a", a, "b", a.to(DType.I64)), Map.of("origin", "here"));
      TensorFile file = TensorFile.open(path);

      assertThat(file.tensors()).containsEntry("b", new TensorForm(DType.I64, List.of(2L)));
      assertThat(file.notes()).containsEntry("origin", "here");
      assertThat(file.read(List.of("a"))).containsOnlyKeys("a");
      assertThatThrownBy(() -> file.read(List.of("b")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("tensor b has the type I64");
      assertThatThrownBy(() -> file.read(List.of("c")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has no tensor c");
    }
  }
}
