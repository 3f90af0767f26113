package io.github.diffusion4j.benchmarks;

import static java.awt.image.BufferedImage.TYPE_BYTE_GRAY;

import io.github.diffusion4j.Datasets;
import io.github.diffusion4j.FeatureNets;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.KnownDataset;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.data.Split;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.FeatureNet.Answers;
import io.github.diffusion4j.evaluation.Features;
import io.github.diffusion4j.evaluation.FrechetDistance;
import io.github.diffusion4j.evaluation.GaussianStatistics;
import io.github.diffusion4j.evaluation.InceptionScore;
import io.github.diffusion4j.evaluation.Interval;
import io.github.diffusion4j.evaluation.IntervalEstimate;
import io.github.diffusion4j.evaluation.KernelDistance;
import io.github.diffusion4j.evaluation.NeighborhoodEstimates;
import io.github.diffusion4j.evaluation.PrecisionRecall;
import io.github.diffusion4j.evaluation.Resize;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * What moves the metrics by how much: prints a Markdown table of what real digits measure against
 * other real digits, when there are fewer of them and after things that happen to files of samples.
 *
 * <p>The reference is the training part of MNIST, samples are images of its test part.
 */
public final class MetricSensitivity {
  private static final int SIDE = 28;
  private static final int SAMPLES = 5000;
  private static final int SPLITS = 10;
  private static final Seed SEED = Seed.of(0);

  private final FeatureNet net;
  private final Features real;
  private final GaussianStatistics statistics;

  private MetricSensitivity(FeatureNet net, Tensor real) {
    this.net = net;
    this.real = Features.of(look(net, real).features());
    this.statistics = GaussianStatistics.of(this.real);
  }

  /**
   * Prints the table.
   *
   * @param arguments the folder that has MNIST, or nothing: it is downloaded once
   */
  public static void main(String[] arguments) throws IOException {
    Datasets datasets =
        new Datasets(Arrays.stream(arguments).findFirst().map(Path::of), Progress.NONE);
    try (FeatureNet net = FeatureNets.open("digits");
        Scope scope = Scope.open()) {
      Tensor real = images(datasets.open(KnownDataset.MNIST, Split.TRAIN));
      Tensor held = images(datasets.open(KnownDataset.MNIST, Split.TEST));
      int[] order = SEED.derive("samples").permutation((int) held.size(0));
      Tensor samples = held.rows(index(Arrays.copyOf(order, SAMPLES)));
      new MetricSensitivity(net, real).print(samples);
    }
  }

  private void print(Tensor samples) {
    System.out.println("| samples | FD-digits | KD-digits | class score | precision | recall |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    for (int count : List.of(500, 1000, 2000, SAMPLES)) {
      row(String.format(Locale.ROOT, "%,d", count), samples, all -> all.narrow(0, 0, count));
    }
    for (int quality : List.of(95, 75, 50)) {
      row("JPEG of quality " + quality, samples, all -> each(all, one -> jpeg(one, quality)));
    }
    for (int size : List.of(SIDE / 2, 2 * SIDE)) {
      String there = String.format(Locale.ROOT, "to %d x %d and back, ", size, size);
      row(there + "nearest", samples, all -> nearest(all, size));
      for (Resize resize : List.of(Resize.BILINEAR, Resize.PIL_BICUBIC)) {
        row(
            there + String.format(Locale.ROOT, "`%s`", resize),
            samples,
            all -> thereAndBack(resize, all, size));
      }
    }
    for (int percent : List.of(80, 50)) {
      row(
          percent + " % nearest to their mean",
          samples,
          all -> all.rows(index(nearestToMean(all, percent))));
    }
  }

  private void row(String name, Tensor samples, UnaryOperator<Tensor> change) {
    try (Scope scope = Scope.open()) {
      Answers answers = look(net, change.apply(samples));
      row(name, Features.of(answers.features()), Features.of(answers.logits()));
    }
  }

  private void row(String name, Features features, Features logits) {
    NeighborhoodEstimates neighborhoods =
        new NeighborhoodEstimates(real(features.count()), features, SEED.derive("groups"));
    int k = PrecisionRecall.USUAL_NEIGHBORS;
    int subset = Math.min(KernelDistance.USUAL.size(), features.count());
    KernelDistance kernel = new KernelDistance(KernelDistance.USUAL.subsets(), subset);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s |%n",
        name,
        number(FrechetDistance.estimate(features, statistics)),
        number(kernel.estimate(features, real, SEED.derive("kernel"))),
        number(InceptionScore.estimate(logits, SPLITS)),
        number(neighborhoods.precision(k)),
        number(neighborhoods.recall(k)));
  }

  /** As many real images as samples: balls of more images would be smaller. */
  private Features real(int count) {
    return real.choose(Arrays.copyOf(SEED.derive("real").permutation(real.count()), count));
  }

  /** The value and half of its interval, which may end at 0 or 1. */
  private static String number(IntervalEstimate estimate) {
    Interval interval = estimate.interval().orElseThrow();
    double value = estimate.value();
    double half = Math.max(interval.high() - value, value - interval.low());
    int digits = Math.max(0, 1 - (int) Math.floor(Math.log10(half)));
    String format = "%." + digits + "f ± %." + digits + "f";
    return String.format(Locale.ROOT, format, value, half);
  }

  private static Answers look(FeatureNet net, Tensor images) {
    try (NoGrad off = NoGrad.open()) {
      return net.of(images);
    }
  }

  /** All images of a set, [N, 1, 28, 28] in 0…255. */
  private static Tensor images(ImageDataset data) throws IOException {
    byte[] pixels = new byte[data.size() * SIDE * SIDE];
    for (int i = 0; i < data.size(); i++) {
      data.read(i, pixels, i * SIDE * SIDE);
    }
    return Tensor.of(DType.U8, pixels, data.size(), 1, SIDE, SIDE).to(DType.F32);
  }

  private static Tensor index(int... numbers) {
    return Tensor.of(Arrays.stream(numbers).asLongStream().toArray(), numbers.length);
  }

  /** Those samples whose features lie nearest to the mean of all samples' features. */
  private int[] nearestToMean(Tensor samples, int percent) {
    Tensor features = look(net, samples).features();
    float[] distances = features.minus(features.mean(0)).square().sum(1).toFloats();
    return IntStream.range(0, distances.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> distances[i]))
        .limit((long) distances.length * percent / 100)
        .mapToInt(i -> i)
        .sorted() // the splits of the class score must not be by distance
        .toArray();
  }

  private static Tensor thereAndBack(Resize resize, Tensor images, int size) {
    Tensor changed = resize.apply(resize.apply(images, size, size).round(), SIDE, SIDE);
    return changed.round().clamp(0, 255);
  }

  /** Every second pixel twice for half of the size; for twice the size the image as it was. */
  private static Tensor nearest(Tensor images, int size) {
    if (size > SIDE) {
      return images;
    }
    return each(
        images,
        pixels -> {
          byte[] changed = new byte[pixels.length];
          for (int i = 0; i < pixels.length; i++) {
            int row = i / SIDE / 2 * 2;
            int column = i % SIDE / 2 * 2;
            changed[i] = pixels[row * SIDE + column];
          }
          return changed;
        });
  }

  private static Tensor each(Tensor images, UnaryOperator<byte[]> change) {
    byte[] all = images.to(DType.U8).contiguous().toBytes();
    int length = SIDE * SIDE;
    for (int first = 0; first < all.length; first += length) {
      byte[] changed = change.apply(Arrays.copyOfRange(all, first, first + length));
      System.arraycopy(changed, 0, all, first, length);
    }
    return Tensor.of(DType.U8, all, images.shape()).to(DType.F32);
  }

  private static byte[] jpeg(byte[] pixels, int quality) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, SIDE, SIDE, pixels);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam options = writer.getDefaultWriteParam();
    options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    options.setCompressionQuality(quality / 100f);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(file)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), options);
      stream.flush();
      BufferedImage read = ImageIO.read(new ByteArrayInputStream(file.toByteArray()));
      return (byte[]) read.getRaster().getDataElements(0, 0, SIDE, SIDE, null);
    } catch (IOException e) {
      throw new UncheckedIOException("a picture in memory", e);
    } finally {
      writer.dispose();
    }
  }
}
