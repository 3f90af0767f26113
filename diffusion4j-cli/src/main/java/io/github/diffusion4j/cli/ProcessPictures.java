package io.github.diffusion4j.cli;

import io.github.diffusion4j.TrainingRun;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Pictures of the forward and of the reverse process. */
final class ProcessPictures {
  private static final int PARTS = 8;

  private ProcessPictures() {}

  /** The times of {@link #forward}: 0, T/8, 2T/8, …, T. */
  static int[] times(int steps) {
    return IntStream.rangeClosed(0, PARTS)
        .map(i -> Math.round((float) steps * i / PARTS))
        .toArray();
  }

  /** The first {@code count} images of a set, [count, C, H, W] in [−1, 1]. */
  static Tensor first(ImageDataset data, int count) throws IOException {
    ImageShape shape = data.shape();
    byte[] pixels = new byte[count * shape.pixels()];
    for (int i = 0; i < count; i++) {
      data.read(i, pixels, i * shape.pixels());
    }
    return Tensor.of(
        PixelRange.toModel(pixels), count, shape.channels(), shape.height(), shape.width());
  }

  /** Images dissolving into noise: a column for each image, a row for each time. */
  static BufferedImage forward(ForwardProcess process, Tensor x0, Seed seed) {
    int count = (int) x0.size(0);
    List<Tensor> rows = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Tensor epsilon = seed.normal(x0.shape());
      for (int t : times(process.schedule().steps())) {
        int[] same = new int[count];
        Arrays.fill(same, t);
        rows.add(t == 0 ? x0 : process.sample(x0, same, epsilon));
        labels.add("t = " + t);
      }
      return draw(Tensor.cat(rows, 0), count, labels);
    }
  }

  /**
   * Watches a sampler and keeps some steps of a few samples: noise becoming images.
   *
   * <p>For each sample a row of xₜ, and below it a row of what the network takes x₀ to be.
   */
  static final class Reverse implements SamplingListener {
    private static final int SAMPLES = 4;
    private static final int COLUMNS = 10;

    private final List<Tensor> noisy = new ArrayList<>();
    private final List<Tensor> estimates = new ArrayList<>();

    @Override
    public void onStep(Step step) {
      int column = noisy.size();
      int due = 1 + Math.round((float) column * (step.of() - 1) / (COLUMNS - 1));
      if (step.number() >= due && column < COLUMNS) {
        noisy.add(firstFew(step.xt()));
        estimates.add(firstFew(step.estimate().x0Hat()));
      }
    }

    private static Tensor firstFew(Tensor images) {
      return images.narrow(0, 0, Math.min(SAMPLES, images.size(0))).copy().outlivingScopes();
    }

    BufferedImage draw() {
      try (Scope scope = Scope.open()) {
        List<Tensor> tiles = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int sample = 0; sample < noisy.get(0).size(0); sample++) {
          for (List<Tensor> row : List.of(noisy, estimates)) {
            for (Tensor column : row) {
              tiles.add(column.narrow(0, sample, 1));
            }
          }
          labels.add("x_t");
          labels.add("x0 estimate");
        }
        return ProcessPictures.draw(Tensor.cat(tiles, 0), noisy.size(), labels);
      } finally {
        noisy.forEach(Tensor::close);
        estimates.forEach(Tensor::close);
      }
    }
  }

  private static BufferedImage draw(Tensor images, int columns, List<String> labels) {
    return ImageGrid.ofColumns(columns)
        .withScale(2)
        .withRowLabels(labels)
        .draw(TrainingRun.planar(images));
  }
}
