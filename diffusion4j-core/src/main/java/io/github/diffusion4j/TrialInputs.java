package io.github.diffusion4j;

import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A few inputs that a network can be asked about, the same ones each time.
 *
 * @param x noise, F32 [N, …]
 * @param time F32 [N], above 0 as noise levels must be
 * @param labels I64 [N], or F32 [N, width] where labels are vectors; empty for an unconditional
 *     network
 */
public record TrialInputs(Tensor x, Tensor time, Optional<Tensor> labels) {
  private static final float[] TIMES = {1, 37, 500, 999};

  /** Returns inputs for networks of the configuration, in the caller's scope. */
  public static TrialInputs of(ModelConfig config) {
    return new TrialInputs(Seed.of(0).normal(shape(config)), times(config), labels(config));
  }

  private static long[] shape(ModelConfig config) {
    List<Integer> sample = config.sampleShape();
    return LongStream.concat(
            LongStream.of(TIMES.length), sample.stream().mapToLong(Integer::longValue))
        .toArray();
  }

  /** A learned table may end before the last of the usual times. */
  private static Tensor times(ModelConfig config) {
    Tensor usual = Tensor.of(TIMES, TIMES.length);
    return config instanceof UNetConfig unet
            && unet.layers().timeEmbedding().kind() instanceof TimeFeatures.Learned learned
        ? usual.clamp(0, learned.steps() - 1)
        : usual;
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
