package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.ModelCard;
import io.github.diffusion4j.config.EvaluationConfig;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.FrechetDistance;
import io.github.diffusion4j.evaluation.GaussianStatistics;
import io.github.diffusion4j.evaluation.Interval;
import io.github.diffusion4j.evaluation.IntervalEstimate;
import io.github.diffusion4j.training.LoggedEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures a model while it trains: the Fréchet distance of a few samples to the training images.
 * The samples begin with the same noise each time, so that steps can be compared; training itself
 * is not touched.
 */
final class TrainingEvaluation implements AutoCloseable {
  private static final int AT_ONCE = 64;

  private final ExperimentConfig config;
  private final EvaluationConfig wanted;
  private final FeatureNet net;
  private final FeatureExtraction extraction;
  private final ImageSource training;
  private Optional<DiffusionModel> followed = Optional.empty();
  private Optional<GaussianStatistics> reference = Optional.empty();

  private TrainingEvaluation(
      ExperimentConfig config,
      EvaluationConfig wanted,
      FeatureNet net,
      ImageDataset data,
      Path cache) {
    this.config = config;
    this.wanted = wanted;
    this.net = net;
    this.extraction = new FeatureExtraction(new FeatureCache(cache), Progress.NONE);
    this.training = new StoredImages(data, config.data().source());
  }

  /**
   * Opens the network.
   *
   * @param cache where the features of the training images are kept
   * @throws IllegalArgumentException if it cannot see such images
   */
  static TrainingEvaluation open(
      ExperimentConfig config, EvaluationConfig wanted, ImageDataset data, Path cache)
      throws IOException {
    FeatureNet net = FeatureNets.open(wanted.features());
    try {
      FeatureExtraction.probe(net, data.shape());
      return new TrainingEvaluation(config, wanted, net, data, cache);
    } catch (RuntimeException e) {
      net.close();
      throw e;
    }
  }

  boolean isDue(long step) {
    return step % wanted.every() == 0;
  }

  /** Returns whether a value in the log may be compared with those that this measures. */
  boolean isAlike(LoggedEvaluation other) {
    return other.metric().equals(net.distanceName()) && other.samples() == wanted.samples();
  }

  /** Says which model is in training; it stays the caller's. */
  void follow(DiffusionModel model) {
    followed = Optional.of(model);
  }

  /** Draws samples of the model as it is and measures them. */
  LoggedEvaluation measure(long step) throws IOException {
    ImageGenerator generator =
        new DiffusionGenerator(followed.orElseThrow(), SamplingChoice.of(sampling()));
    ImageSource drawn =
        new GeneratedImages(generator, "in training", wanted.samples(), config.seed(), AT_ONCE);
    IntervalEstimate distance =
        FrechetDistance.estimate(FeatureExtraction.look(drawn, net).features(), reference());
    return new LoggedEvaluation(
        step,
        net.distanceName(),
        distance.value(),
        distance.interval().map(Interval::low),
        distance.interval().map(Interval::high),
        wanted.samples());
  }

  private SamplingConfig sampling() {
    SamplingConfig usual = config.sampling();
    return new SamplingConfig(usual.sampler(), wanted.steps(), usual.eta(), usual.spacing());
  }

  private GaussianStatistics reference() throws IOException {
    if (reference.isEmpty()) {
      reference = Optional.of(new Evaluation(net, extraction).statistics(training).pooled());
    }
    return reference.get();
  }

  /** Returns a result for the model's page. */
  ModelCard.Measurement measurement(LoggedEvaluation result) {
    return new ModelCard.Measurement(
        String.format(
            Locale.ROOT,
            "%s to the training images, %d samples, %s with %d steps",
            result.metric(),
            result.samples(),
            Word.of(config.sampling().sampler()),
            wanted.steps()),
        String.format(Locale.ROOT, "%.4g%s", result.value(), interval(result)));
  }

  private static String interval(LoggedEvaluation result) {
    return result
        .low()
        .flatMap(
            low ->
                result
                    .high()
                    .map(high -> String.format(Locale.ROOT, " (95 %%: %.4g … %.4g)", low, high)))
        .orElse("");
  }

  @Override
  public void close() {
    net.close();
  }
}
