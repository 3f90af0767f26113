package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch wrote, and files that want to do harm; see golden/torch/PROVENANCE.md. */
class TorchFileTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"today.pt", "legacy.pt"})
  void load_everyElementType_hasTheValues(String name) throws Exception {
    TorchFile file = TorchFile.open(resource(name));
    Map<String, Tensor> tensors = file.load(file.tensors("model"));

    assertThat(tensors.keySet())
        .containsExactly(
            "base",
            "transposed",
            "row",
            "half",
            "brain",
            "double",
            "long",
            "int",
            "short",
            "char",
            "byte",
            "bool",
            "empty",
            "parameter");
    assertTensor(tensors, "base", DType.F32, List.of(2L, 3L), 0, 1, 2, 3, 4, 5);
    assertTensor(tensors, "transposed", DType.F32, List.of(3L, 2L), 0, 3, 1, 4, 2, 5);
    assertTensor(tensors, "row", DType.F32, List.of(3L), 3, 4, 5);
    assertTensor(tensors, "half", DType.F16, List.of(2L), 1.5, -2);
    assertTensor(tensors, "brain", DType.BF16, List.of(2L), 1.5, -2);
    assertTensor(tensors, "double", DType.F64, List.of(), 0.1);
    assertTensor(tensors, "long", DType.I64, List.of(1L, 1L), -5);
    assertTensor(tensors, "int", DType.I32, List.of(1L), 7);
    assertTensor(tensors, "short", DType.I16, List.of(1L), -7);
    assertTensor(tensors, "char", DType.I8, List.of(1L), -1);
    assertTensor(tensors, "byte", DType.U8, List.of(1L), 255);
    assertTensor(tensors, "bool", DType.BOOL, List.of(2L), 1, 0);
    assertTensor(tensors, "empty", DType.F32, List.of(0L, 4L));
    assertTensor(tensors, "parameter", DType.F32, List.of(1L), 9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"today.pt", "legacy.pt"})
  void contents_besideTheWeights_arePlainObjects(String name) throws Exception {
    Map<String, Object> contents = TorchFile.open(resource(name)).contents();

    assertThat(contents)
        .containsEntry("step", 7L)
        .containsEntry("version", "1.2")
        .containsEntry("rate", 0.125)
        .containsEntry("huge", BigInteger.ONE.shiftLeft(70))
        .containsEntry("flag", true)
        .doesNotContainKey("nothing");
    assertThat(TorchFile.open(resource(name)).tensors("opt", "state", "0"))
        .containsOnlyKeys("step");
  }

  @Test
  void tensors_ofAStateDictionary_areAtTheTop() throws Exception {
    TorchFile file = TorchFile.open(resource("linear.bin"));

    assertThat(file.tensors().keySet()).containsExactly("weight", "bias");
    Tensor weight = Objects.requireNonNull(file.load(file.tensors()).get("weight"));
    assertThat(weight.shape()).containsExactly(1, 2);
  }

  @Test
  void tensors_noSuchDictionary_namesThePath() throws Exception {
    TorchFile file = TorchFile.open(resource("today.pt"));

    assertThatThrownBy(() -> file.tensors("ema", "weights"))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("has no dictionary of tensors at ema.weights");
  }

  @ParameterizedTest
  @CsvSource({
    "namespace.pt, argparse.Namespace",
    "evil.pt, posix.system",
    "evil.pkl, posix.system"
  })
  void open_fileWithAClass_refusesItByName(String name, String culprit) throws Exception {
    Path file = resource(name);

    assertThatThrownBy(() -> TorchFile.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            name + " cannot be read: it wants to load the Python class " + culprit);
  }

  @Test
  void open_otherFiles_saysWhatTheyAreNot(@TempDir Path folder) throws Exception {
    Path text = Files.writeString(folder.resolve("a.pt"), "hello, world");
    Path empty = Files.writeString(folder.resolve("b.pt"), "");
    Path zip = folder.resolve("c.pt");
    Files.write(zip, new byte[] {'P', 'K', 3, 4, 0, 0});

    assertThatThrownBy(() -> TorchFile.open(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.pt cannot be read: it is neither a zip file nor one of PyTorch");
    assertThatThrownBy(() -> TorchFile.open(empty)).hasMessageContaining("it has only 0 bytes");
    assertThatThrownBy(() -> TorchFile.open(zip))
        .hasMessageContaining("c.pt cannot be read: it is a zip file without its end");
  }

  /** Any byte changed, cut or doubled: the file is read or refused, and nothing else happens. */
  @ParameterizedTest
  @ValueSource(strings = {"today.pt", "legacy.pt", "linear.bin", "evil.pkl"})
  void open_damagedFile_isReadOrRefused(String name, @TempDir Path folder) throws Exception {
    byte[] good = Files.readAllBytes(resource(name));
    SplittableRandom random = new SplittableRandom(1);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] bad = damaged(good, random);
      Path file = Files.write(folder.resolve("damaged.pt"), bad);
      try (Scope inner = Scope.open()) {
        TorchFile opened = TorchFile.open(file);
        opened.load(opened.tensors("model"));
      } catch (IOException e) {
        refused++;
        assertThat(e).hasMessageContaining("damaged.pt");
      }
    }

    assertThat(refused).isPositive();
  }

  private static byte[] damaged(byte[] good, SplittableRandom random) {
    byte[] bad = good.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad;
  }

  private static void assertTensor(
      Map<String, Tensor> tensors, String name, DType type, List<Long> shape, double... values) {
    Tensor tensor = Objects.requireNonNull(tensors.get(name));
    assertThat(tensor.type()).isEqualTo(type);
    assertThat(Arrays.stream(tensor.shape()).boxed().toList()).isEqualTo(shape);
    assertThat(tensor.to(DType.F64).toDoubles()).as(name).containsExactly(values);
  }

  private static Path resource(String name) throws URISyntaxException {
    URL url = TorchFileTest.class.getResource("/golden/torch/" + name);
    return Path.of(Objects.requireNonNull(url).toURI());
  }
}
