package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes files that are not what they say, and reads them. */
final class HostileFiles {
  static final String SAFETENSORS = "diffusion_pytorch_model.safetensors";
  static final String INDEX = "diffusion_pytorch_model.safetensors.index.json";
  static final String TORCH = "diffusion_pytorch_model.bin";

  /** The pickled beginning of a tensor a of a storage 0 with as many F32 as the next bytes say. */
  static final String STORAGE =
      "\u0080\u0002}U\u0001actorch._utils\n_rebuild_tensor_v2\n"
          + "((U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpu";

  private HostileFiles() {}

  /** Expects that weights in {@code folder} are refused with one line that names the file. */
  static void assertRefused(Path folder, String name, byte[] bytes, String message)
      throws IOException {
    Files.copy(
        DiffusersPipelineTest.golden("tiny").resolve("config.json"), folder.resolve("config.json"));
    Files.write(folder.resolve(name), bytes);
    assertThatThrownBy(
            () -> {
              try (Scope scope = Scope.open()) {
                DiffusersPipeline.read(folder).weights();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(name)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n", "\r", "\u001b");
  }

  static byte[] encoded(String header, Charset charset) {
    byte[] json = header.replace('\'', '"').getBytes(charset);
    return file(json.length, json, 8);
  }

  static byte[] file(long length, String header, int data) {
    return file(length, latin(header), data);
  }

  static byte[] file(long length, byte[] header, int data) {
    return ByteBuffer.allocate(8 + header.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header)
        .array();
  }

  static byte[] latin(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A pickled {@code {'a': tensor}}; the arguments are pickled whole numbers. */
  static String tensor(String elements, String offset, String extent, String stride) {
    return STORAGE + elements + "tQ" + offset + extent + "\u0085" + stride + "\u0085tRs.";
  }

  /** A zip as PyTorch makes it: nothing in it is compressed. */
  static byte[] zip(String... namesAndContents) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        byte[] content = namesAndContents[i + 1].getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(namesAndContents[i]);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
