package io.github.diffusion4j.cli;

import io.github.diffusion4j.cli.plot.Range;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Images at some times of the forward process, and what their pixels are like.
 *
 * @param stages one for each time
 */
record ForwardStages(List<Stage> stages) {
  private static final int PARTS = 8;
  private static final int BINS = 70;
  private static final Range PIXELS = new Range(-3.5, 3.5);

  /**
   * The images at one time.
   *
   * @param t the time
   * @param alphaBar the share of the image in the power of xₜ
   * @param snr the signal-to-noise ratio, infinite at t = 0
   * @param xt the images, [N, C, H, W]
   * @param mean the mean of all their pixels
   * @param variance the variance of all their pixels
   * @param histogram how the pixels are spread
   */
  record Stage(
      int t,
      double alphaBar,
      double snr,
      Tensor xt,
      double mean,
      double variance,
      Histogram histogram) {

    private static Stage of(NoiseSchedule schedule, int t, Tensor xt) {
      double[] pixels = xt.reshape(-1).toDoubles();
      double mean = Arrays.stream(pixels).average().orElse(0);
      double variance = Arrays.stream(pixels).map(x -> (x - mean) * (x - mean)).average().orElse(0);
      return new Stage(
          t,
          schedule.alphaBar(t),
          schedule.snr(t),
          xt,
          mean,
          variance,
          Histogram.of(pixels, PIXELS, BINS));
    }

    /** Returns the signal-to-noise ratio in decibels. */
    double decibels() {
      return 10 * Math.log10(snr);
    }
  }

  /** The first {@code count} images of a set, [count, C, H, W] in [−1, 1]. */
  static Tensor firstImages(ImageDataset data, int count) throws IOException {
    ImageShape shape = data.shape();
    byte[] pixels = new byte[count * shape.pixels()];
    for (int i = 0; i < count; i++) {
      data.read(i, pixels, i * shape.pixels());
    }
    return Tensor.of(
        PixelRange.toModel(pixels), count, shape.channels(), shape.height(), shape.width());
  }

  /** The images {@code x0}, [N, C, H, W], at t = 0, T/8, … T, with one noise for all times. */
  static ForwardStages of(ForwardProcess process, Tensor x0, Seed seed) {
    Tensor epsilon = seed.normal(x0.shape());
    List<Stage> stages = new ArrayList<>();
    for (int t : times(process.schedule().steps())) {
      int[] same = new int[(int) x0.size(0)];
      Arrays.fill(same, t);
      Tensor xt = t == 0 ? x0 : process.sample(x0, same, epsilon);
      stages.add(Stage.of(process.schedule(), t, xt));
    }
    return new ForwardStages(stages);
  }

  /** The times 0, T/8, 2T/8, …, T, fewer if T is small. */
  private static int[] times(int steps) {
    return IntStream.rangeClosed(0, PARTS)
        .map(i -> Math.round((float) steps * i / PARTS))
        .distinct()
        .toArray();
  }

  /** Returns the numbers of all stages; a bin is named after its middle. */
  Csv csv() {
    String bins =
        Arrays.stream(stages.get(0).histogram.centers())
            .mapToObj(center -> String.format(Locale.ROOT, "density_%.2f", center))
            .collect(Collectors.joining(","));
    Csv csv = Csv.of("t,alphaBar,snr,snr_db,mean,variance," + bins);
    for (Stage stage : stages) {
      List<Object> row = new ArrayList<>();
      row.add(stage.t);
      row.addAll(List.of(stage.alphaBar, stage.snr, stage.decibels(), stage.mean, stage.variance));
      Arrays.stream(stage.histogram.density()).forEach(row::add);
      csv.row(row.toArray());
    }
    return csv;
  }
}
