package io.github.diffusion4j.cli;

import io.github.diffusion4j.baseline.BaselineTraining;
import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.nn.Cost;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Crew;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Threads;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a training would be, without training. */
record DryRun(RunConfig config, List<String> changed) {
  /**
   * Weights, gradients, two moments and the average; further threads have gradients of their own.
   */
  private static final int VECTORS = 5;

  /** Forward, and twice as much again backward. */
  private static final int TRAINING_FACTOR = 3;

  void print(PrintStream out) {
    out.println(config.description().strip());
    out.println();
    for (Map.Entry<String, String> option : ConfigFiles.options(config).entrySet()) {
      boolean marked = changed.contains(option.getKey());
      out.printf(
          Locale.ROOT, "%s %s = %s%n", marked ? "*" : " ", option.getKey(), option.getValue());
    }
    if (!changed.isEmpty()) {
      out.println("  (* differs from the preset or file)");
    }
    if (config instanceof BaselineConfig other) {
      try (BaselineTraining training = BaselineTraining.of(other)) {
        out.println();
        training
            .parameters()
            .forEach(
                (part, count) ->
                    out.printf(Locale.ROOT, "parameters of the %-14s %,d%n", part, count));
        out.printf(Locale.ROOT, "threads                       %s%n", Threads.choose());
      }
      return;
    }
    print(out, (ExperimentConfig) config);
  }

  private static void print(PrintStream out, ExperimentConfig config) {
    try (Network network = Network.of(config.model(), Seed.of(0))) {
      long parameters = network.parameterCount();
      long flops = Cost.flopsPerSample(config.model());
      int microBatch = config.training().batch() / config.training().accumulation();
      int vectors = VECTORS + Crew.sizeFor(microBatch) - 1;
      long activations = Cost.activationsPerSample(config.model()) * microBatch;
      out.printf(Locale.ROOT, "%nparameters            %,d%n", parameters);
      out.printf(
          Locale.ROOT,
          "memory, estimated     %,d MiB (weights and optimizer %,d, activations %,d)%n",
          mebibytes(vectors * parameters + activations),
          mebibytes(vectors * parameters),
          mebibytes(activations));
      out.printf(
          Locale.ROOT,
          "operations per sample %.3f GFLOP to sample a step, %.3f to train%n",
          flops * 1e-9,
          TRAINING_FACTOR * flops * 1e-9);
      out.printf(Locale.ROOT, "threads               %s%n", Threads.choose());
    }
  }

  private static long mebibytes(long floats) {
    return Math.max(1, Math.round(floats * 4.0 / (1 << 20)));
  }
}
