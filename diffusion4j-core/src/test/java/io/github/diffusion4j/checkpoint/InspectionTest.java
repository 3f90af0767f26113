package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.Inspection.Kind;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionTest {
  @TempDir Path folder;

  @Test
  void of_folder_saysWhatItsModelIs() throws IOException {
    Inspection inspection = Inspection.of(DiffusersPipelineTest.golden("tiny"));

    assertThat(inspection.kind()).isEqualTo(Kind.DIFFUSERS_FOLDER);
    assertThat(inspection.pipeline().orElseThrow().network().sampleShape())
        .containsExactly(3, 8, 8);
    assertThat(inspection.elements()).isEqualTo(11_767);
    assertThat(inspection.types()).containsOnlyKeys(DType.F32);
    assertThat(inspection.tensors())
        .containsEntry("conv_in.weight", new TensorForm(DType.F32, List.of(4L, 3L, 3L, 3L)));
  }

  @Test
  void of_safetensorsFile_saysTensorsAndMetadata() throws IOException {
    Inspection inspection =
        Inspection.of(
            DiffusersPipelineTest.golden("tiny").resolve("diffusion_pytorch_model.safetensors"));

    assertThat(inspection.kind()).isEqualTo(Kind.SAFETENSORS);
    assertThat(inspection.pipeline()).isEmpty();
    assertThat(inspection.elements()).isEqualTo(11_767);
    assertThat(inspection.notes()).containsEntry("format", "pt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"today.pt", "legacy.pt"})
  void of_torchFile_saysPathsAndPlainObjects(String name) throws Exception {
    Inspection inspection =
        Inspection.of(
            Path.of(requireNonNull(getClass().getResource("/golden/torch/" + name)).toURI()));

    assertThat(inspection.kind()).isEqualTo(Kind.TORCH_FILE);
    assertThat(inspection.tensors())
        .containsEntry("model.transposed", new TensorForm(DType.F32, List.of(3L, 2L)))
        .containsEntry("model.brain", new TensorForm(DType.BF16, List.of(2L)))
        .containsEntry("opt.state.0.step", new TensorForm(DType.F32, List.of()));
    assertThat(inspection.notes())
        .containsEntry("step", "7")
        .containsEntry("opt.param_groups.0.lr", "0.001");
    assertThat(inspection.types()).containsEntry(DType.F16, 1);
  }

  @Test
  void of_fileOfAnotherKind_isRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "my notes");

    assertThatThrownBy(() -> Inspection.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("notes.txt")
        .hasMessageContaining("neither a zip file nor one of PyTorch");
    assertThatThrownBy(() -> Inspection.of(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is no model: it holds notes.txt");
  }

  @Test
  void torchTree_containersInThemselves_end() throws IOException {
    Map<String, Object> root = new LinkedHashMap<>();
    List<Object> shared = new ArrayList<>(List.of("x"));
    for (int i = 0; i < 100; i++) {
      shared = new ArrayList<>(List.of(shared, shared));
    }
    root.put("self", root);
    root.put("shared", shared);
    root.put("long", "y".repeat(1000));
    root.put("step", 3L);

    TorchTree tree = new TorchTree(root, Allowance.of(Files.createFile(folder.resolve("empty"))));

    assertThat(tree.notes()).containsOnlyKeys("long", "step").containsEntry("step", "3");
    assertThat(tree.notes().get("long")).hasSize(200);
    assertThat(tree.tensors()).isEmpty();
  }
}
