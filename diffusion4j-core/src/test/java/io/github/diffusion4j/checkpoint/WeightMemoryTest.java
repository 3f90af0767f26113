package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files and files of many tensors are read, and within the memory that they may take. */
class WeightMemoryTest {
  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void read_hundredThousandTinyTensors_isAllowed() throws IOException {
    Path file = folder.resolve("many.safetensors");
    int count = 100_000;
    try (Scope scope = Scope.open()) {
      Tensor one = Tensor.full(1, 1);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        tensors.put("down_blocks.0.resnets.%d.weight".formatted(i), one);
      }
      Safetensors.write(file, tensors, Map.of("format", "pt"));
    }
    try (Scope scope = Scope.open()) {
      assertThat(Safetensors.read(file)).hasSize(count);
      assertThat(Inspection.of(file).elements()).isEqualTo(count);
    }
  }

  @Test
  void read_largeTensors_keepsElementsOffTheHeap() throws IOException {
    Path file = folder.resolve("half.safetensors");
    try (Scope scope = Scope.open()) {
      Tensor half = Tensor.full(0.5, 12 * MIB).to(DType.F16);
      Safetensors.write(file, Map.of("a", half), Map.of());
    }
    try (Scope scope = Scope.open()) {
      Safetensors.readHeader(file); // what is only made once has been made
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      Tensor read = requireNonNull(WeightFiles.read(file, Precision.SINGLE).get("a"));
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;

      assertThat(allocated).isLessThan(MIB);
      assertThat(read.type()).isEqualTo(DType.F32);
      assertThat(read.narrow(0, 12 * MIB - 1, 1).item()).isEqualTo(0.5);
      assertThat(read.sum().item()).isEqualTo(6 * MIB);
    }
  }

  /** A sparse file takes next to no room on the disk. */
  @Test
  void readHeader_moreThanFourGiB_findsTheLastTensor() throws IOException {
    long hole = 5L << 30;
    Path file = folder.resolve("large.safetensors");
    byte[] header =
        """
        {"hole":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]},\
        "last":{"dtype":"F32","shape":[2],"data_offsets":[%d,%d]}}"""
            .formatted(hole, hole, hole, hole + 8)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(header.length).put(header).flip();
    ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    end.putFloat(1.5f).putFloat(-2).flip();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(start);
      channel.write(end, 8 + header.length + hole);
    }

    Safetensors.Header read = Safetensors.readHeader(file);

    assertThat(read.tensors().keySet()).containsExactly("hole", "last");
    try (Scope scope = Scope.open()) {
      Tensor last = Safetensors.read(file, "last");
      assertThat(last.toFloats()).containsExactly(1.5f, -2);
    }
    assertThat(Inspection.of(file).elements()).isEqualTo(hole + 2);
    Files.delete(file);
  }

  @Test
  void take_exactlyWhatIsAllowed_isTheLimit() throws IOException {
    Path file = Files.write(folder.resolve("ten"), new byte[10]);
    Allowance allowance = Allowance.of(file);
    Allowance fork = allowance.fork();

    assertThat(allowance.left()).isEqualTo(80 * MIB + 20);
    allowance.take(80 * MIB + 20);
    assertThat(allowance.left()).isZero();
    assertThat(fork.left()).isEqualTo(80 * MIB + 20);
    assertThatThrownBy(() -> allowance.take(1))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " asks for more memory than 2 times its 10 bytes and 96 MiB");
  }
}
