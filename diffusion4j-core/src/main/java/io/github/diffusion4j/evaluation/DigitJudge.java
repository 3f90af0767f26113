package io.github.diffusion4j.evaluation;

import static io.github.diffusion4j.nn.DigitClassifier.CLASSES;
import static io.github.diffusion4j.nn.DigitClassifier.SIZE;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.nn.DigitClassifier;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Judges generated handwritten digits with a classifier of real ones.
 *
 * <p>Its file holds the classifier's parameters and the statistics of its features over the images
 * that samples are compared with, so the two always belong together. {@link #embedded} has those of
 * MNIST's training split.
 */
public final class DigitJudge implements AutoCloseable {
  /**
   * The judge is sure of an image if its largest probability is at least this. It is sure of nearly
   * all real test images and of hardly any image made of two digits.
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
        Objects.requireNonNull(DigitJudge.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      Path file = Files.createTempFile("digit-judge", ".safetensors");
      try {
        Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
        return read(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the digit judge", e);
    }
  }

  /**
   * Reads a judge.
   *
   * @throws IOException if the file is damaged or holds something else; the message names it
   */
  public static DigitJudge read(Path file) throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = Safetensors.read(file);
      Map<String, Tensor> parameters = new LinkedHashMap<>();
      tensors.forEach(
          (name, tensor) -> {
            if (name.startsWith(CLASSIFIER)) {
              parameters.put(name.substring(CLASSIFIER.length()), tensor);
            }
          });
      if (!tensors.containsKey(MEAN) || !tensors.containsKey(COVARIANCE)) {
        throw new IOException("%s is no digit judge: it has no %s".formatted(file, MEAN));
      }
      DigitClassifier classifier = new DigitClassifier(Seed.of(0));
      classifier.load(parameters);
      return new DigitJudge(
          classifier,
          GaussianStatistics.of(
              tensors.get(MEAN).toDoubles(), tensors.get(COVARIANCE).toDoubles()));
    } catch (IllegalArgumentException e) {
      throw new IOException("%s is no digit judge: %s".formatted(file, e.getMessage()), e);
    }
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
   * Writes this judge.
   *
   * @param origin how it was made, free text by key
   */
  public void write(Path file, Map<String, String> origin) throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      classifier.parameters().forEach((name, value) -> tensors.put(CLASSIFIER + name, value));
      tensors.put(MEAN, reference.mean());
      tensors.put(COVARIANCE, reference.covariance());
      Safetensors.write(file, tensors, origin);
    }
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

  private static Tensor features(DigitClassifier classifier, Tensor images) {
    long[] shape = images.shape();
    if (shape.length != 4 || shape[1] != 1 || shape[2] != SIZE || shape[3] != SIZE) {
      throw new IllegalArgumentException(
          "images are %s; allowed: [N, 1, 28, 28]".formatted(images));
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
