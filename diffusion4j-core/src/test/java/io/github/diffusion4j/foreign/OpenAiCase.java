package io.github.diffusion4j.foreign;

import static java.util.Objects.requireNonNull;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A network of OpenAI's code, see golden/openai/PROVENANCE.md.
 *
 * @param name its name there
 * @param flags what its program was given
 * @param shapes of its tensors by name
 */
record OpenAiCase(String name, String flags, Map<String, long[]> shapes) {
  static final List<String> NAMES =
      List.of(
          "improved",
          "legacy_order",
          "new_order",
          "head_channels",
          "one_head",
          "wide_first",
          "heads_up");

  static Path resource(String name) {
    try {
      return Path.of(
          requireNonNull(OpenAiCase.class.getResource("/golden/openai/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static OpenAiCase of(String name) throws IOException {
    JsonNode found =
        JsonMapper.shared().readTree(Files.readString(resource("cases.json"))).required(name);
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> shape : found.required("shapes").properties()) {
      shapes.put(
          shape.getKey(), shape.getValue().valueStream().mapToLong(JsonNode::longValue).toArray());
    }
    return new OpenAiCase(name, found.required("flags").stringValue(), shapes);
  }

  /** Writes its weights as a file, without those whose name matches {@code left}. */
  Path write(Path folder, String left) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      shapes.forEach(
          (tensor, shape) -> {
            if (!tensor.matches(left)) {
              tensors.put(tensor, weight(tensor, shape));
            }
          });
      Safetensors.write(file, tensors, Map.of());
    }
    return file;
  }

  Path write(Path folder) throws IOException {
    return write(folder, "");
  }

  /** Returns images, times, labels, answer and betas, in the open scope. */
  Map<String, Tensor> values() throws IOException {
    Map<String, Tensor> own = new LinkedHashMap<>();
    Safetensors.read(resource("values.safetensors"))
        .forEach(
            (key, value) -> {
              if (key.startsWith(name + ".")) {
                own.put(key.substring(name.length() + 1), value);
              }
            });
    return own;
  }

  /** The numbers of make.py. */
  private static Tensor weight(String name, long[] shape) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    int start = (int) crc.getValue();
    int count = 1;
    for (long extent : shape) {
      count *= (int) extent;
    }
    double scale = shape.length < 2 ? 0.1 : Math.sqrt(3.0 * shape[0] / count);
    double shift = shape.length < 2 && name.endsWith("weight") ? 1 : 0;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      int x = start + i;
      x = (x ^ (x >>> 16)) * 0x7FEB352D;
      x = (x ^ (x >>> 15)) * 0x846CA68B;
      x ^= x >>> 16;
      values[i] = (float) ((Integer.toUnsignedLong(x) / 0x1p31 - 1) * scale + shift);
    }
    return Tensor.of(values, shape);
  }
}
