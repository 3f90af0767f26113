package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
  private static final String TWO_BY_THREE_BYTES =
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void read_bytes_givesNumbersAndShape(int version) throws IOException {
    Path file = file(version, TWO_BY_THREE_BYTES, new byte[] {0, 1, 2, 3, (byte) 200, -1});

    try (Scope scope = Scope.open()) {
      Tensor read = NpyFile.read(file);

      assertThat(read.type()).isEqualTo(DType.U8);
      assertThat(read.shape()).containsExactly(2, 3);
      assertThat(read.toLongs()).containsExactly(0, 1, 2, 3, 200, 255);
    }
  }

  @Test
  void read_floats_givesNumbers() throws IOException {
    byte[] elements = littleEndian(8).putFloat(-1.5f).putFloat(3e30f).array();
    Path file = file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", elements);

    try (Scope scope = Scope.open()) {
      Tensor read = NpyFile.read(file);

      assertThat(read.type()).isEqualTo(DType.F32);
      assertThat(read.shape()).containsExactly(2);
      assertThat(read.toFloats()).containsExactly(-1.5f, 3e30f);
    }
  }

  @Test
  void read_doublesWithKeysInAnotherOrder_givesNumbers() throws IOException {
    byte[] elements = littleEndian(8).putDouble(Math.PI).array();
    Path file = file(1, "{\"x\":0,'shape':(1,1),'fortran_order':False,'descr':'<f8'}", elements);

    try (Scope scope = Scope.open()) {
      Tensor read = NpyFile.read(file);

      assertThat(read.type()).isEqualTo(DType.F64);
      assertThat(read.shape()).containsExactly(1, 1);
      assertThat(read.toDoubles()).containsExactly(Math.PI);
    }
  }

  @Test
  void read_noDimensions_givesSingleNumber() throws IOException {
    byte[] elements = littleEndian(8).putDouble(7).array();
    Path file = file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", elements);

    try (Scope scope = Scope.open()) {
      assertThat(NpyFile.read(file).item()).isEqualTo(7);
    }
  }

  @Test
  void read_otherType_isRefused() throws IOException {
    Path file = file(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", new byte[8]);

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " has elements of type <i8; allowed: |u1, <f4, <f8");
  }

  @Test
  void read_fortranOrder_isRefused() throws IOException {
    Path file = file(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (1,), }", new byte[1]);

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is in Fortran order; allowed: C order");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 7})
  void read_wrongNumberOfElements_isRefused(int bytes) throws IOException {
    Path file = file(1, TWO_BY_THREE_BYTES, new byte[bytes]);

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s is damaged: %d bytes follow the header, which does not fit [2, 3] of U8",
            file, bytes);
  }

  @Test
  void read_shapeBeyondAllNumbers_isRefused() throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }";
    Path file = file(1, header, new byte[0]);

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void read_headerWithoutShape_isRefused() throws IOException {
    Path file = file(1, "{'descr': '|u1', 'fortran_order': False}", new byte[0]);

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has a header that cannot be read: {'descr'");
  }

  @Test
  void read_unknownVersion_isRefused() throws IOException {
    Path file = file(3, TWO_BY_THREE_BYTES, new byte[6]);

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " has version 3.0 of the .npy format; allowed: 1.0, 2.0");
  }

  @Test
  void read_otherFile_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("picture.npy"), "this is a picture");

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is not a .npy file");
  }

  @Test
  void read_fileThatEndsInItsHeader_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file(1, TWO_BY_THREE_BYTES, new byte[6]));
    Path file = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, 20));

    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is not a .npy file: it ends inside its header");
  }

  private Path file(int version, String header, byte[] elements) throws IOException {
    byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0x93);
    bytes.write("NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(version);
    bytes.write(0);
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    for (int i = 0; i < lengthBytes; i++) {
      bytes.write(text.length >>> (8 * i));
    }
    bytes.write(text);
    bytes.write(elements);
    return Files.write(folder.resolve("array.npy"), bytes.toByteArray());
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
