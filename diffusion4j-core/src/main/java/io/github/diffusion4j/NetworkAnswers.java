package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What a network answers to a few inputs, in a safetensors file: another program with the same
 * weights finds out with it whether it computes the same.
 *
 * <p>The file holds {@code x} F32 [N, …], {@code time} F32 [N], {@code labels} (I64 [N], or F32 [N,
 * width] where labels are vectors) unless the network is unconditional, and {@code answer} F32.
 */
public final class NetworkAnswers {
  private static final float[] TIMES = {1, 37, 500, 999};

  private NetworkAnswers() {}

  /** Asks {@code network} about noise at four times, and writes the file. */
  public static void write(Network network, Path file) throws IOException {
    try (Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open()) {
      Tensor x = Seed.of(0).normal(shape(network.config()));
      Tensor time = Tensor.of(TIMES, TIMES.length);
      Optional<Tensor> labels = labels(network.config());
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("x", x);
      tensors.put("time", time);
      labels.ifPresent(given -> tensors.put("labels", given));
      tensors.put("answer", network.forward(x, time, labels, Dropout.NONE).contiguous());
      Safetensors.write(file, tensors, Map.of("format", "pt"));
    }
  }

  private static long[] shape(ModelConfig config) {
    List<Integer> sample = config.sampleShape();
    return LongStream.concat(
            LongStream.of(TIMES.length), sample.stream().mapToLong(Integer::longValue))
        .toArray();
  }

  private static Optional<Tensor> labels(ModelConfig config) {
    Optional<ClassEmbeddingKind> kind =
        config instanceof UNetConfig unet ? unet.labels() : Optional.empty();
    return kind.map(
        k ->
            switch (k) {
              case TABLE -> upTo(config.classes().orElseThrow());
              case TIMESTEP -> upTo(TIMES.length);
              case IDENTITY -> Seed.of(1).normal(TIMES.length, ((UNetConfig) config).timeWidth());
            });
  }

  /** Returns labels 0, 1, … below {@code count}, in turn. */
  private static Tensor upTo(int count) {
    long[] labels = LongStream.range(0, TIMES.length).map(i -> i % count).toArray();
    return Tensor.of(labels, labels.length);
  }
}
