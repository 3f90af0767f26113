package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a network answers to a few inputs, in a safetensors file: another program with the same
 * weights finds out with it whether it computes the same.
 *
 * <p>The file holds {@code x} F32 [N, …], {@code time} F32 [N], {@code labels} (I64 [N], or F32 [N,
 * width] where labels are vectors) unless the network is unconditional, and {@code answer} F32.
 */
public final class NetworkAnswers {
  private NetworkAnswers() {}

  /** Asks {@code network} about noise at four times, and writes the file. */
  public static void write(Network network, Path file) throws IOException {
    try (Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      TrialInputs inputs = TrialInputs.of(network.config());
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("x", inputs.x());
      tensors.put("time", inputs.time());
      inputs.labels().ifPresent(given -> tensors.put("labels", given));
      tensors.put(
          "answer",
          network.forward(inputs.x(), inputs.time(), inputs.labels(), Dropout.NONE).contiguous());
      Safetensors.write(file, tensors, Map.of("format", "pt"));
    }
  }
}
