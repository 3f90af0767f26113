package io.github.diffusion4j.data;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFileTest {
  @TempDir Path folder;
  private Scope scope;

  @BeforeEach
  void openScope() {
    scope = Scope.open();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void read_fileOfNumpy_givesNamesTypesAndNumbers() throws Exception {
    Path file = golden("spatial.npz");

    assertThat(NpzFile.names(file)).containsExactly("arr_0", "mu", "mu_s", "sigma", "sigma_s");
    Map<String, Tensor> read = NpzFile.read(file, List.of("sigma", "arr_0"));
    assertThat(read).containsOnlyKeys("sigma", "arr_0");
    Tensor sigma = Objects.requireNonNull(read.get("sigma"));
    assertThat(sigma.toString()).isEqualTo("F64[4, 4]");
    assertThat(sigma.toDoubles()).contains(-0.17874324587301724, 0.992896902531544);
    Tensor images = Objects.requireNonNull(read.get("arr_0"));
    assertThat(images.toString()).isEqualTo("U8[3, 2, 2, 3]");
    assertThat(images.toLongs()).startsWith(177, 106, 107, 138);
  }

  @Test
  void read_compressedFileOfNumpy_givesNumbers() throws Exception {
    Tensor mu =
        Objects.requireNonNull(NpzFile.read(golden("compressed32.npz"), List.of("mu")).get("mu"));

    assertThat(mu.type()).isEqualTo(DType.F32);
    double[] numbers = {
      -0.1189026491350468, 0.05368803682666347, 0.250096155158145, 0.2964867341825849
    };
    assertNumbers(mu.toDoubles()).areCloseTo(numbers, 2e-8);
  }

  @Test
  void write_arraysOfEachType_areReadAgain() throws IOException {
    Path file = folder.resolve("arrays.npz");
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    arrays.put("bytes", Tensor.of(new long[] {0, 255, 7}, 3).to(DType.U8));
    arrays.put("floats", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).permute(1, 0));
    arrays.put("number", Tensor.of(new double[] {Math.PI}));

    NpzFile.write(file, arrays);
    NpzFile.write(file, arrays); // the second replaces the first

    Map<String, Tensor> read = NpzFile.read(file, List.copyOf(arrays.keySet()));
    arrays.forEach(
        (name, array) -> {
          Tensor again = Objects.requireNonNull(read.get(name));
          assertThat(again).hasToString(array.toString());
          assertNumbers(again.toDoubles()).areEqualTo(array.toDoubles());
        });
    assertThat(filesIn(folder)).containsExactly("arrays.npz");
  }

  @Test
  void write_typeThatIsNotSupported_leavesNothing() {
    Path file = folder.resolve("arrays.npz");

    assertThatThrownBy(() -> NpzFile.write(file, Map.of("x", Tensor.arange(3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an array of type I64; allowed: U8, F32, F64");
    assertThat(filesIn(folder)).isEmpty();
  }

  @Test
  void read_arrayThatIsMissing_isRefused() throws Exception {
    Path file = golden("pooled.npz");

    assertThatThrownBy(() -> NpzFile.read(file, List.of("mu", "mean")))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " has no array mean; it has [mu, sigma]");
  }

  @Test
  void read_fileThatIsNoArchive_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("text.npz"), "no zip at all");

    assertThatThrownBy(() -> NpzFile.names(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is not a .npz file: ");
  }

  /** Whichever byte of the arrays' files changes, the file is refused or the array is the same. */
  @Test
  void read_archiveWithOneChangedByte_isNeverReadAsOtherNumbers() throws Exception {
    byte[] bytes = Files.readAllBytes(golden("pooled.npz"));
    double[] mu = mu(golden("pooled.npz"));
    int refused = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x10;
      Path file = Files.write(folder.resolve("changed.npz"), changed);
      try {
        assertThat(mu(file)).as("byte %d", i).containsExactly(mu);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("changed.npz");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(160); // at least the header and numbers of mu
  }

  @Test
  void read_archiveCutShort_isRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(golden("pooled.npz"));
    for (int length = 0; length < bytes.length; length += 7) {
      Path file = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> mu(file)).isInstanceOf(IOException.class);
    }
  }

  private static double[] mu(Path file) throws IOException {
    return Objects.requireNonNull(NpzFile.read(file, List.of("mu")).get("mu")).toDoubles();
  }

  private static List<String> filesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path golden(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(NpzFileTest.class.getResource("/golden/npz/" + name)).toURI());
  }
}
