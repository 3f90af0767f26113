package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.InferenceEngine;
import io.github.diffusion4j.cli.bench.CostCurve.Point;
import io.github.diffusion4j.cli.bench.StepWorkload.Kind;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.nn.Cost;
import io.github.diffusion4j.torch.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures small28 with larger and larger batches, images and widths, and with more and more
 * threads; each measurement has a process of its own.
 */
record CostSweep(Match match, Setting setting) {
  private static final int FEW_CORES = 4;

  List<CostCurve> measure() throws IOException {
    int cores = Threads.choose().count();
    List<CostCurve> curves = new ArrayList<>();
    for (Axis axis : Axis.values()) {
      List<Point> points = new ArrayList<>();
      for (int value : axis.values(cores)) {
        points.add(point(axis, value));
      }
      curves.add(new CostCurve(Word.of(axis), points));
    }
    return curves;
  }

  private Point point(Axis axis, int value) throws IOException {
    List<String> changes = axis.changes(value);
    int threads = axis == Axis.THREADS ? value : setting.threads();
    Setting own = new Setting(threads, setting.warmUpSeconds(), setting.folders());
    long flops = Cost.flopsPerImage(Recipe.SMALL28.config(changes).unet());
    double training = rate(Kind.TRAIN, changes, own);
    double forward = rate(Kind.FORWARD, changes, own);
    match
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "cost, %s %d: training %.1f images/s, forward %.1f images/s",
                Word.of(axis),
                value,
                training,
                forward));
    return new Point(value, flops, training, forward);
  }

  private double rate(Kind kind, List<String> changes, Setting own) throws IOException {
    StepWorkload work =
        new StepWorkload(Workloads.COST, "cost", kind, Recipe.SMALL28, changes, own);
    try (Contestant worker = work.worker(Word.of(InferenceEngine.TORCH))) {
      double once = worker.run(1).median();
      return work.images().orElseThrow() / worker.run(match.repetitions(once)).median();
    }
  }

  /** What grows. */
  enum Axis {
    BATCH {
      @Override
      IntStream points(int cores) {
        return IntStream.of(1, 2, 4, 8, 16, 32, 64, 128);
      }

      @Override
      List<String> changes(int value) {
        return List.of("training.batch=" + value);
      }
    },
    SIZE {
      @Override
      IntStream points(int cores) {
        return IntStream.of(8, 16, 24, 32, 40, 48, 56, 64);
      }

      @Override
      List<String> changes(int value) {
        return List.of("model.size=" + value);
      }
    },
    WIDTH {
      @Override
      IntStream points(int cores) {
        return IntStream.of(16, 24, 32, 40, 48, 64, 96);
      }

      @Override
      List<String> changes(int value) {
        return List.of(
            String.format(Locale.ROOT, "model.widths=%d,%d,%d", value, 2 * value, 2 * value));
      }
    },
    THREADS {
      @Override
      IntStream points(int cores) {
        return IntStream.rangeClosed(1, cores)
            .filter(n -> n <= FEW_CORES || n == cores || Integer.bitCount(n) == 1);
      }

      @Override
      List<String> changes(int value) {
        return List.of();
      }
    };

    abstract IntStream points(int cores);

    /** Returns what the value changes in the recipe. */
    abstract List<String> changes(int value);

    List<Integer> values(int cores) {
      return points(cores).boxed().toList();
    }
  }
}
