package io.github.diffusion4j.evaluation;

import static io.github.diffusion4j.nn.DigitClassifier.CLASSES;
import static io.github.diffusion4j.nn.DigitClassifier.FEATURES;
import static io.github.diffusion4j.nn.DigitClassifier.SIZE;

import io.github.diffusion4j.nn.DigitClassifier;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TensorBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Judges generated handwritten digits with a classifier of real ones.
 *
 * <p>A judge is the classifier's parameters and the statistics of its features over the images that
 * samples are compared with; both lie in one file, so that they always belong together. {@link
 * #embedded} has those of MNIST's training split.
 */
public final class DigitJudge implements AutoCloseable {
  /**
   * The judge is sure of an image if its largest probability is at least this. It is sure of 96 in
   * 100 real test images and of 17 in 100 whose halves come from two different ones.
   */
  public static final double SURE = 0.8;

  private static final String RESOURCE = "digit-judge.safetensors";
  private static final String CLASSIFIER = "classifier.";
  private static final String MEAN = "reference.mean";
  private static final String COVARIANCE = "reference.covariance";
  private static final int BATCH = 256;

  private final DigitClassifier classifier;
  private final GaussianStatistics reference;

  private DigitJudge(DigitClassifier classifier, GaussianStatistics reference) {
    this.classifier = classifier;
    this.reference = reference;
  }

  /** Returns the judge that comes with the library. */
  public static DigitJudge embedded() {
    try (InputStream resource =
            Objects.requireNonNull(DigitJudge.class.getResourceAsStream(RESOURCE), RESOURCE);
        Scope scope = Scope.open()) {
      return of(elements(resource));
    } catch (IOException e) {
      throw new UncheckedIOException("the digit judge is damaged", e);
    }
  }

  /**
   * Makes a judge from what {@link #tensors} gave, after a file, for instance.
   *
   * @throws IllegalArgumentException if a tensor is missing, unknown or wrongly shaped
   */
  public static DigitJudge of(Map<String, Tensor> tensors) {
    Tensor mean = tensors.get(MEAN);
    Tensor covariance = tensors.get(COVARIANCE);
    if (mean == null || covariance == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "these tensors are no digit judge: %s and %s are needed",
              MEAN,
              COVARIANCE));
    }
    Map<String, Tensor> parameters = new LinkedHashMap<>(tensors);
    parameters.keySet().removeAll(List.of(MEAN, COVARIANCE));
    GaussianStatistics reference = GaussianStatistics.of(mean.toDoubles(), covariance.toDoubles());
    DigitClassifier classifier = new DigitClassifier(Seed.of(0));
    try {
      classifier.load(withoutPrefix(parameters));
    } catch (IllegalArgumentException e) {
      classifier.close();
      throw e;
    }
    return new DigitJudge(classifier, reference);
  }

  /**
   * Makes a judge that compares samples with {@code real} images.
   *
   * @param classifier a trained one; the judge takes it over and closes it
   * @param real batches [N, 1, 28, 28] in [−1, 1], at least two images in all; each batch is made
   *     and freed in a scope of its own
   */
  public static DigitJudge fitted(DigitClassifier classifier, Iterable<Tensor> real) {
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      List<Tensor> features = new ArrayList<>();
      Iterator<Tensor> batches = real.iterator();
      while (batches.hasNext()) {
        try (Scope batch = Scope.open()) {
          features.add(batch.keep(features(classifier, batches.next())));
        }
      }
      return new DigitJudge(classifier, GaussianStatistics.of(Tensor.cat(features, 0)));
    }
  }

  /**
   * Returns everything that makes this judge, by name, to be written to a safetensors file.
   *
   * @return the classifier's parameters, which belong to this judge, and mean and covariance of the
   *     reference, new in the scope that is open on this thread
   */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    classifier.parameters().forEach((name, value) -> tensors.put(CLASSIFIER + name, value));
    tensors.put(MEAN, reference.mean());
    tensors.put(COVARIANCE, reference.covariance());
    return tensors;
  }

  /**
   * Judges images.
   *
   * @param images [N, 1, 28, 28] in [−1, 1], at least two
   * @throws IllegalArgumentException if they have another shape
   */
  public DigitScore score(Tensor images) {
    try (NoGrad noGrad = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor features = features(classifier, images);
      double[] probabilities = Functions.logSoftmax(classifier.logits(features)).exp().toDoubles();
      Integer[] counts = new Integer[CLASSES];
      Arrays.fill(counts, 0);
      int sure = 0;
      for (int image = 0; image < images.size(0); image++) {
        int digit = mostProbable(probabilities, image * CLASSES);
        counts[digit]++;
        sure += probabilities[image * CLASSES + digit] >= SURE ? 1 : 0;
      }
      double distance = FrechetDistance.between(GaussianStatistics.of(features), reference);
      return new DigitScore(distance, (double) sure / images.size(0), List.of(counts));
    }
  }

  /** Returns the classifier, which belongs to this judge. */
  public DigitClassifier classifier() {
    return classifier;
  }

  /** Frees the classifier's parameters. */
  @Override
  public void close() {
    classifier.close();
  }

  /**
   * Reads the elements of the resource, a safetensors file, without its header: types, names and
   * shapes are known, and they follow each other by type, then name.
   */
  private static Map<String, Tensor> elements(InputStream resource) throws IOException {
    byte[] length = resource.readNBytes(Long.BYTES);
    resource.skipNBytes(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ReadableByteChannel channel = Channels.newChannel(resource);
    tensors.put(COVARIANCE, TensorBytes.read(channel, DType.F64, FEATURES, FEATURES));
    tensors.put(MEAN, TensorBytes.read(channel, DType.F64, FEATURES));
    try (DigitClassifier likeness = new DigitClassifier(Seed.of(0))) {
      for (Map.Entry<String, Tensor> named : new TreeMap<>(likeness.parameters()).entrySet()) {
        long[] shape = named.getValue().shape();
        tensors.put(CLASSIFIER + named.getKey(), TensorBytes.read(channel, DType.F32, shape));
      }
    }
    return tensors;
  }

  private static Map<String, Tensor> withoutPrefix(Map<String, Tensor> tensors) {
    Map<String, Tensor> result = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) ->
            result.put(
                name.startsWith(CLASSIFIER) ? name.substring(CLASSIFIER.length()) : name, tensor));
    return result;
  }

  private static Tensor features(DigitClassifier classifier, Tensor images) {
    long[] shape = images.shape();
    if (shape.length != 4 || shape[1] != 1 || shape[2] != SIZE || shape[3] != SIZE) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "images are %s; allowed: [N, 1, 28, 28]", images));
    }
    List<Tensor> features = new ArrayList<>();
    for (long start = 0; start < shape[0]; start += BATCH) {
      try (Scope scope = Scope.open()) {
        Tensor batch = images.narrow(0, start, Math.min(BATCH, shape[0] - start));
        features.add(scope.keep(classifier.features(batch)));
      }
    }
    return Tensor.cat(features, 0);
  }

  private static int mostProbable(double[] probabilities, int offset) {
    int best = 0;
    for (int digit = 1; digit < CLASSES; digit++) {
      if (probabilities[offset + digit] > probabilities[offset + best]) {
        best = digit;
      }
    }
    return best;
  }
}
