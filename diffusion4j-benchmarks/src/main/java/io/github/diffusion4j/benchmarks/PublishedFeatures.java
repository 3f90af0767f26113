package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.FeatureNets;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.Features;
import io.github.diffusion4j.evaluation.FrechetDistance;
import io.github.diffusion4j.evaluation.InceptionScore;
import io.github.diffusion4j.evaluation.KernelDistance;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Compares features of CIFAR-10 images by the published ResNet-20, and FD, KID and IS of them, with
 * those that PyTorch and scipy gave.
 *
 * <p>Arguments: the weights, a file of CIFAR-10 records, and a folder with {@code
 * feat_lossless4000_64.f32}, {@code feat_jpeg4000_64.f32} and {@code fd_reference.json}.
 */
public final class PublishedFeatures {
  private static final int RECORD = 1 + 3 * 32 * 32;
  private static final int BATCH = 100;

  private PublishedFeatures() {}

  /** Prints a line for each number. */
  public static void main(String... args) throws IOException {
    Path reference = Path.of(args[2]);
    JsonNode expected =
        new ObjectMapper().readTree(reference.resolve("fd_reference.json").toFile());
    try (Scope scope = Scope.open();
        FeatureNet net = FeatureNets.open("resnet20:" + args[0])) {
      List<Tensor> batches = new ArrayList<>();
      List<Tensor> logits = new ArrayList<>();
      answer(net, Files.readAllBytes(Path.of(args[1])), batches, logits);
      Tensor rows = Tensor.cat(batches, 0);
      int count = (int) rows.size(0);
      compareRows(rows.toFloats(), floats(reference.resolve("feat_lossless4000_64.f32")));
      Features all = Features.of(rows);
      Features first = all.choose(IntStream.range(0, count / 2).toArray());
      Features last = all.choose(IntStream.range(count / 2, count).toArray());
      float[] jpeg = floats(reference.resolve("feat_jpeg4000_64.f32"));
      Features compressed = Features.of(Tensor.of(jpeg, count, net.dimension()));
      compare(expected, "FD_first2000_vs_last2000", FrechetDistance.between(first, last));
      compare(expected, "FD_lossless4000_vs_jpeg4000", FrechetDistance.between(all, compressed));
      compare(expected, "KID_first2000_vs_last2000", KernelDistance.between(first, last));
      compare(expected, "KID_lossless4000_vs_jpeg4000", KernelDistance.between(all, compressed));
      Features answers = Features.of(Tensor.cat(logits, 0));
      compare(expected, "IS_lossless4000_one_split", InceptionScore.of(answers, 1).mean());
    }
  }

  private static void answer(
      FeatureNet net, byte[] records, List<Tensor> features, List<Tensor> logits) {
    for (int start = 0; start < records.length; start += BATCH * RECORD) {
      int images = Math.min(BATCH, (records.length - start) / RECORD);
      float[] pixels = new float[images * (RECORD - 1)];
      for (int i = 0; i < pixels.length; i++) {
        int image = i / (RECORD - 1);
        pixels[i] = records[start + image * RECORD + 1 + i % (RECORD - 1)] & 0xff;
      }
      FeatureNet.Answers answers = net.of(Tensor.of(pixels, images, 3, 32, 32));
      features.add(answers.features());
      logits.add(answers.logits());
    }
  }

  private static float[] floats(Path file) throws IOException {
    FloatBuffer buffer =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] result = new float[buffer.remaining()];
    buffer.get(result);
    return result;
  }

  private static void compareRows(float[] actual, float[] expected) {
    double absolute = 0;
    double relative = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      absolute = Math.max(absolute, difference);
      relative = expected[i] > 0.01 ? Math.max(relative, difference / expected[i]) : relative;
    }
    System.out.printf(
        Locale.ROOT,
        "%d features: largest difference %.1e, relative above 0.01 %.1e%n",
        expected.length,
        absolute,
        relative);
  }

  private static void compare(JsonNode expected, String name, double actual) {
    double value = expected.get(name).doubleValue();
    System.out.printf(
        Locale.ROOT,
        "%-30s %.9f, expected %.9f, relative difference %.1e%n",
        name,
        actual,
        value,
        Math.abs(actual / value - 1));
  }
}
