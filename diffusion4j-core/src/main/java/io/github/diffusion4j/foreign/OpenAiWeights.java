package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the weights of OpenAI's {@code UNetModel}.
 *
 * @param names where its layers are in ours
 * @param network how many heads each attention has
 * @param order what the rows of an attention's joint projection are
 */
record OpenAiWeights(OpenAiNames names, UNetConfig network, Order order) {
  private static final List<String> PARTS = List.of("to_q.", "to_k.", "to_v.");

  /** How queries, keys and values of all heads follow each other. */
  enum Order {
    /** Those of the first head, those of the second, and so on. */
    HEAD_BY_HEAD,
    /** The queries of all heads, then the keys, then the values. */
    KIND_BY_KIND
  }

  /** Reads them by our names, F32; they belong to the scope that is open on this thread. */
  Map<String, Tensor> read(TensorFile file) throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (Map.Entry<String, Tensor> stored : file.read(file.tensors().keySet()).entrySet()) {
        String name = stored.getKey();
        Optional<String> ours = names.parameter(name);
        if (ours.isPresent()) {
          weights.put(ours.get(), squeezed(ours.get(), stored.getValue()));
        } else {
          split(name, stored.getValue(), weights);
        }
      }
      weights.values().forEach(scope::keep);
      return weights;
    }
  }

  /** A convolution over single positions is a linear layer. */
  private static Tensor squeezed(String name, Tensor value) {
    return name.endsWith("to_out.0.weight") && value.shape().length > 2
        ? value.reshape(value.size(0), value.size(1))
        : value;
  }

  /** Takes a joint projection, [3 · C, C, 1] or [3 · C], apart. */
  private void split(String name, Tensor value, Map<String, Tensor> weights) throws IOException {
    String attention = names.attentionOf(name).orElseThrow();
    String kind = name.substring(name.lastIndexOf('.') + 1);
    requireThirds(name, attention, value);
    long channels = value.size(0) / PARTS.size();
    long rest = value.numel() / value.size(0);
    Tensor rows =
        switch (order) {
          case KIND_BY_KIND -> value.reshape(PARTS.size(), channels, rest);
          case HEAD_BY_HEAD -> {
            long heads = channels / headWidth(attention, (int) channels);
            yield value
                .reshape(heads, PARTS.size(), channels / heads, rest)
                .permute(1, 0, 2, 3)
                .reshape(PARTS.size(), channels, rest);
          }
        };
    for (int part = 0; part < PARTS.size(); part++) {
      Tensor own = rows.select(0, part).contiguous();
      weights.put(
          attention + "." + PARTS.get(part) + kind,
          kind.equals("bias") ? own.reshape(channels) : own);
    }
  }

  private void requireThirds(String name, String attention, Tensor value) throws IOException {
    long rows = value.shape().length == 0 ? 0 : value.size(0);
    int channels = (int) (rows / PARTS.size());
    int headWidth = headWidth(attention, channels);
    if (rows % PARTS.size() != 0 || headWidth == 0 || channels % headWidth != 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "tensor %s is %s; allowed: three times the channels of its attention",
              name,
              Arrays.toString(value.shape())));
    }
  }

  private int headWidth(String attention, int channels) {
    LayerConfig layers = network.layers();
    return attention.startsWith("up_blocks")
        ? layers.ascending().headWidth(channels)
        : layers.headWidth(channels);
  }
}
