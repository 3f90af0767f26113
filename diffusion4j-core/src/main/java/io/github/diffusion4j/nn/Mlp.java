package io.github.diffusion4j.nn;

import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A small network for points: a multilayer perceptron with residual blocks, each of which is told
 * the time.
 *
 * <p>Its last layer begins with zeros, so that the first prediction is 0 everywhere.
 */
public final class Mlp extends Layer implements Network {
  private final MlpConfig config;
  private final Linear entry;
  private final TimeEmbedding timeEmbedding;
  private final List<Block> blocks = new ArrayList<>();
  private final Linear exit;

  /** Makes a network with weights drawn from {@code seed}, each from a stream of its name. */
  public Mlp(MlpConfig config, Seed seed) {
    this(config);
    initialize(seed);
  }

  /** Makes a network without weights. */
  Mlp(MlpConfig config) {
    this.config = config;
    int width = config.width();
    entry = child("linear_in", new Linear(config.dimensions(), width, Start.TORCH));
    timeEmbedding =
        child(
            "time_embedding",
            new TimeEmbedding(width, width, TimeEmbeddingConfig.DEFAULT, Start.TORCH));
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(child("blocks." + i, new Block(width)));
    }
    exit = child("linear_out", new Linear(width, config.dimensions(), Start.ZERO));
  }

  @Override
  public MlpConfig config() {
    return config;
  }

  /**
   * Returns the prediction for noisy points.
   *
   * @param x F32 [N, D]
   * @param time F32 or I64 [N], counted from 0
   * @param labels empty: the network is unconditional
   * @return F32 [N, D]
   * @throws IllegalArgumentException if a shape does not fit, or labels are given
   */
  @Override
  public Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels, Dropout dropout) {
    requireShapes(x, time, labels);
    Tensor embedded = Functions.silu(timeEmbedding.forward(time));
    Tensor h = entry.forward(x);
    for (Block block : blocks) {
      h = block.forward(h, embedded, dropout);
    }
    return exit.forward(Functions.silu(h));
  }

  private void requireShapes(Tensor x, Tensor time, Optional<Tensor> labels) {
    long[] shape = x.shape();
    if (shape.length != 2 || shape[1] != config.dimensions()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "x is %s; allowed: [N, %d]",
              Arrays.toString(shape),
              config.dimensions()));
    }
    if (!Arrays.equals(time.shape(), new long[] {shape[0]})) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "time is %s; allowed: one per point, [%d]",
              Arrays.toString(time.shape()),
              shape[0]));
    }
    if (labels.isPresent()) {
      throw new IllegalArgumentException("the network is unconditional and takes no labels");
    }
  }

  /** Two linear layers beside a shortcut; time is added between them. */
  private static final class Block extends Layer {
    private final Linear first;
    private final Linear timeProjection;
    private final Linear second;

    Block(int width) {
      first = child("linear_1", new Linear(width, width, Start.TORCH));
      timeProjection = child("time_emb_proj", new Linear(width, width, Start.TORCH));
      second = child("linear_2", new Linear(width, width, Start.TORCH));
    }

    Tensor forward(Tensor x, Tensor time, Dropout dropout) {
      try (Scope scope = Scope.open()) {
        Tensor h = first.forward(Functions.silu(x)).plus(timeProjection.forward(time));
        return scope.keep(second.forward(dropout.apply(Functions.silu(h))).plus(x));
      }
    }
  }
}
