package io.github.diffusion4j.training;

import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.nn.DigitClassifier;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.LearningRate.Decay;
import java.io.IOException;
import java.util.Locale;

/**
 * Trains the classifier of the digit judge: Adam, shifted and partly spoiled digits, a rate that
 * rises quickly and falls to zero.
 *
 * <p>Two trainings with one seed and one number of threads give the same classifier, bit for bit.
 */
public final class ClassifierTraining {
  /** The constants that the classifier in the library was trained with. */
  public static final Recipe DEFAULT = new Recipe(8, 128, 4e-3, 200);

  private static final Adam.Constants ADAM =
      new Adam.Constants(0.9, 0.99, 1e-8, 0.01, Adam.Pull.DECOUPLED);
  private static final int TEST_BATCH = 250;

  private ClassifierTraining() {}

  /**
   * How long and how fast to learn.
   *
   * @param epochs how often each image is seen
   * @param batchSize images per step
   * @param peakRate largest learning rate
   * @param warmupSteps steps over which the rate rises
   */
  public record Recipe(int epochs, int batchSize, double peakRate, int warmupSteps) {
    /** Refuses what cannot be trained with. */
    public Recipe {
      requireAtLeastOne("epochs", epochs);
      requireAtLeastOne("batchSize", batchSize);
      requireAtLeastOne("warmupSteps", warmupSteps);
      if (!(peakRate > 0)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "peakRate is %s; allowed: a positive number", peakRate));
      }
    }

    private static void requireAtLeastOne(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "%s is %d; allowed: at least 1", name, value));
      }
    }
  }

  /**
   * Where a training stands.
   *
   * @param step number of steps done
   * @param steps number of steps in all
   * @param loss mean cross-entropy of the last batch, in nats
   */
  public record Progress(long step, long steps, double loss) {}

  /** Hears of every step, on the thread that trains. */
  @FunctionalInterface
  public interface ProgressListener {
    /** Called after each step. */
    void onStep(Progress progress);
  }

  /**
   * What a training gives.
   *
   * @param classifier belongs to no scope; whoever holds it closes it
   * @param testAccuracy share of the test images that it reads correctly, in [0, 1]
   */
  public record Result(DigitClassifier classifier, double testAccuracy) {}

  /**
   * Trains the classifier of the digit judge and measures it on images that it has not seen.
   *
   * @param train labeled digits, [1, 28, 28], as {@code test}
   * @param seed of parameters, order, shifts and mixtures
   * @throws IOException if an image cannot be read
   * @throws IllegalArgumentException if the images are no digits of that shape with labels
   */
  public static Result train(
      ImageDataset train, ImageDataset test, Seed seed, ProgressListener listener)
      throws IOException {
    return train(LabeledDigits.read(train), LabeledDigits.read(test), DEFAULT, seed, listener);
  }

  /** The same with digits in memory and a recipe of one's own. */
  public static Result train(
      LabeledDigits train,
      LabeledDigits test,
      Recipe recipe,
      Seed seed,
      ProgressListener listener) {
    DigitClassifier classifier = new DigitClassifier(seed.derive("parameters"));
    DigitBatches batches = new DigitBatches(train, recipe.batchSize(), seed.derive("batches"));
    LearningRate rate = new LearningRate(recipe.peakRate(), recipe.warmupSteps(), Decay.LINEAR);
    long steps = (long) recipe.epochs() * batches.perEpoch();
    try (ParameterVector parameters = new ParameterVector(classifier.parameters());
        Adam adam = new Adam(parameters.all(), ADAM)) {
      for (long step = 1; step <= steps; step++) {
        double loss = computeGradient(parameters, classifier, batches, step - 1);
        adam.step(step, rate.at(step, (double) step / steps));
        listener.onStep(new Progress(step, steps, loss));
      }
    }
    return new Result(classifier, accuracy(classifier, test));
  }

  /** Returns the share of {@code digits} that the classifier reads correctly, in [0, 1]. */
  public static double accuracy(DigitClassifier classifier, LabeledDigits digits) {
    int right = 0;
    for (int start = 0; start < digits.size(); start += TEST_BATCH) {
      int count = Math.min(TEST_BATCH, digits.size() - start);
      try (NoGrad noGrad = NoGrad.open();
          Scope scope = Scope.open()) {
        Tensor features = classifier.features(digits.images(start, count));
        long[] read = classifier.logits(features).argmax().toLongs();
        for (int i = 0; i < count; i++) {
          right += read[i] == digits.label(start + i) ? 1 : 0;
        }
      }
    }
    return (double) right / digits.size();
  }

  private static double computeGradient(
      ParameterVector parameters, DigitClassifier classifier, DigitBatches batches, long number) {
    try (Scope scope = Scope.open()) {
      parameters.clearGradients();
      DigitBatches.Batch batch = batches.at(number);
      Tensor logits = classifier.logits(classifier.features(batch.images()));
      Tensor logLikelihood = Functions.logSoftmax(logits).times(batch.targets()).sum();
      Tensor loss = logLikelihood.times(-1.0 / batch.images().size(0));
      loss.backward();
      return loss.item();
    }
  }
}
