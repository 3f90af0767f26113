package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(DType.class)
  void read_afterWrite_givesSameBytes(DType type) throws IOException {
    Path file = folder.resolve("one.safetensors");
    try (Scope scope = Scope.open()) {
      Tensor numbers = Tensor.of(new float[] {1, 0, 1, 1, 0, 0}, 2, 3).to(type);
      Safetensors.write(file, Map.of("numbers", numbers), Map.of("format", "pt"));

      Tensor read = requireNonNull(Safetensors.read(file).get("numbers"));

      assertThat(read.type()).isEqualTo(type);
      assertThat(read.shape()).containsExactly(2, 3);
      assertThat(read.toBytes()).isEqualTo(numbers.toBytes());
    }
  }

  @Test
  void read_largerThanOneChunk_givesSameNumbers() throws IOException {
    Path file = folder.resolve("large.safetensors");
    try (Scope scope = Scope.open()) {
      Tensor large = Seed.of(1).normal(3, 1 << 21);
      Safetensors.write(file, Map.of("large", large), Map.of());

      assertThat(requireNonNull(Safetensors.read(file).get("large")).toFloats())
          .isEqualTo(large.toFloats());
    }
  }

  @Test
  void read_returnedTensors_outliveTheCall() throws IOException {
    Path file = folder.resolve("kept.safetensors");
    try (Scope scope = Scope.open()) {
      Safetensors.write(file, Map.of("a", Tensor.full(3, 2)), Map.of());
    }
    Tensor read = requireNonNull(Safetensors.read(file).get("a"));
    assertThat(read.toFloats()).containsExactly(3, 3);
    read.close();
  }

  @Test
  void write_transposedView_writesRowMajorOrder() throws IOException {
    Path file = folder.resolve("view.safetensors");
    try (Scope scope = Scope.open()) {
      Tensor view = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).permute(1, 0);
      Safetensors.write(file, Map.of("view", view), Map.of());

      Tensor read = requireNonNull(Safetensors.read(file).get("view"));

      assertThat(read.shape()).containsExactly(3, 2);
      assertThat(read.toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void write_severalTypes_laysOutByTypeThenNameWithPaddedHeader() throws IOException {
    Path file = folder.resolve("several.safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("z.weight", Tensor.zeros(2));
      tensors.put("flags", Tensor.zeros(DType.BOOL, 3));
      tensors.put("a.weight", Tensor.zeros());
      tensors.put("empty", Tensor.zeros(0, 4));
      tensors.put("step", Tensor.of(new long[] {7}, 1));
      Safetensors.write(file, tensors, Map.of("format", "pt"));
    }
    byte[] bytes = Files.readAllBytes(file);
    long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(bytes, 8, (int) length, StandardCharsets.UTF_8);
    assertThat(length % 8).isZero();
    assertThat(header.stripTrailing())
        .isEqualTo(
            """
            {"__metadata__":{"format":"pt"},\
            "step":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},\
            "a.weight":{"dtype":"F32","shape":[],"data_offsets":[8,12]},\
            "empty":{"dtype":"F32","shape":[0,4],"data_offsets":[12,12]},\
            "z.weight":{"dtype":"F32","shape":[2],"data_offsets":[12,20]},\
            "flags":{"dtype":"BOOL","shape":[3],"data_offsets":[20,23]}}""");
    assertThat(Safetensors.readHeader(file).tensors().keySet())
        .containsExactly("step", "a.weight", "empty", "z.weight", "flags");
    assertThat(Safetensors.readHeader(file).metadata()).containsExactly(Map.entry("format", "pt"));
  }

  @Test
  void read_missingFile_throws() {
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("none.safetensors")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.safetensors");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}        | not valid JSON
          [1,2]                                                        | not a JSON object
          {"a":3}                                                      | tensor a is not described by
          {"a":{"dtype":"F32","shape":[2]}}                            | tensor a is not described by
          {"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}   | tensor a has the type "F8_E4M3"
          {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}      | tensor a has the shape [-2]
          {"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}     | tensor a has the shape [2.0]
          {"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}         | tensor a has no list shape
          {"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,8]}} | tensor a has the impossible shape
          {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}       | tensor a of type F32 and shape [3] takes 12 bytes
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}       | tensor a has the data_offsets [8, 0]
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}} | tensor a has the data_offsets
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}       | tensor a begins at byte 4, but the one before it ends at byte 0
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}       | damaged: its tensors take 4 bytes, but 8 follow
          {"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}      | damaged: its tensors take 16 bytes, but 8 follow
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor b begins at byte 4
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | not valid JSON: Duplicate
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {}    | not valid JSON
          {"__metadata__":{"format":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | metadata format is not a text
          {"__metadata__":"pt","a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | metadata are not a JSON object
          """)
  void read_hostileHeader_namesFileAndTensor(String header, String message) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    assertRefused(file(json.length, json, 8), message);
  }

  @Test
  void read_hostileLength_isRefused() throws IOException {
    byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
    assertRefused(file(-1, json, 8), "announces a header of 18446744073709551615 bytes");
    assertRefused(file(1L << 40, json, 8), "announces a header of 1099511627776 bytes");
    assertRefused(file(0, json, 8), "announces a header of 0 bytes");
    assertRefused(new byte[] {1, 2, 3}, "has only 3 bytes");
    assertRefused(new byte[0], "has only 0 bytes");
  }

  @Test
  void read_fileCutShort_isRefused() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    try (Scope scope = Scope.open()) {
      Safetensors.write(whole, Map.of("a", Tensor.zeros(100)), Map.of());
    }
    byte[] bytes = Files.readAllBytes(whole);
    assertRefused(Arrays.copyOf(bytes, bytes.length - 1), "tensors take 400 bytes, but 399 follow");
    assertRefused(Arrays.copyOf(bytes, 20), "announces a header");
  }

  private void assertRefused(byte[] bytes, String message) throws IOException {
    Path file = folder.resolve("hostile.safetensors");
    Files.write(file, bytes);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("hostile.safetensors")
        .hasMessageContaining(message);
  }

  private static byte[] file(long length, byte[] json, int dataBytes) {
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(json)
        .array();
  }
}
