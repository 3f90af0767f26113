package io.github.diffusion4j;

import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.diffusion.ScheduleCurve;
import io.github.diffusion4j.likelihood.BitsPerDimension;
import io.github.diffusion4j.likelihood.BoundTable;
import io.github.diffusion4j.likelihood.Dequantization;
import io.github.diffusion4j.likelihood.Divergence;
import io.github.diffusion4j.likelihood.ImageDenoiser;
import io.github.diffusion4j.likelihood.ImageLikelihood;
import io.github.diffusion4j.likelihood.ProbabilityFlowLikelihood;
import io.github.diffusion4j.likelihood.TimeSelection;
import io.github.diffusion4j.likelihood.VariationalBound;
import io.github.diffusion4j.torch.EngineCheck;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/**
 * How probable a model finds images of a data set, in bits per dimension.
 *
 * <p>The images are drawn from the set at random, so that a standard error says how far the mean of
 * the whole set may be. They belong to the scope in which this is made.
 */
public final class ModelLikelihood {
  private final DiffusionModel model;
  private final NoiseSchedule schedule;
  private final Tensor x0;
  private final Optional<long[]> labels;
  private final Seed seed;

  /**
   * How the bound is measured.
   *
   * @param variance the variance of the reverse steps
   * @param range whether x̂₀ is clipped
   * @param decoder the Φ of the decoder
   * @param looks times per image and draw; T or more are all of them
   * @param draws how often, for each image
   */
  public record BoundOptions(
      VarianceChoice variance, X0Range range, DiscretizedDecoder decoder, int looks, int draws) {}

  /** How points are made from gray levels for the ODE. */
  public enum Dequantizer {
    /** Even noise within a gray level. */
    UNIFORM,
    /** The first step of the forward process, taken back by the decoder of the bound. */
    FIRST_STEP
  }

  /**
   * How the likelihood of the ODE is measured.
   *
   * @param dequantizer how points are made from gray levels
   * @param steps of the integration, 4 evaluations each
   * @param draws points and probes for each image
   */
  public record FlowOptions(Dequantizer dequantizer, int steps, int draws) {}

  /**
   * Draws {@code count} images of {@code data}; all of them if there are no more.
   *
   * @throws UserException if the model is not one of such images
   */
  public ModelLikelihood(DiffusionModel model, ImageDataset data, int count, long seed)
      throws IOException {
    this.model = model;
    this.seed = Seed.of(seed).derive("likelihood");
    this.schedule = FromConfig.schedule(model.process().schedule());
    checkShape(model, data.shape());
    EngineCheck.require();
    int[] drawn = drawn(data, count, this.seed);
    this.labels = labels(model, data, drawn);
    this.x0 = read(data, drawn);
  }

  private static void checkShape(DiffusionModel model, ImageShape shape) {
    if (!(model.network().config() instanceof ImageModelConfig config)) {
      throw new UserException("the model is one of points; allowed: a model of images");
    }
    ImageShape taken = new ImageShape(config.channels(), config.size(), config.imageWidth());
    if (!shape.equals(taken)) {
      throw new UserException(
          String.format(Locale.ROOT, "the data are %s; the model takes %s", shape, taken));
    }
  }

  private static Optional<long[]> labels(DiffusionModel model, ImageDataset data, int[] drawn) {
    Labels.requireClasses(model.network().config());
    Optional<Integer> classes = model.network().config().classes();
    if (classes.isEmpty()) {
      return Optional.empty();
    }
    long[] labels =
        Arrays.stream(drawn)
            .mapToLong(
                image ->
                    data.label(image)
                        .orElseThrow(
                            () ->
                                new UserException(
                                    String.format(
                                        Locale.ROOT,
                                        "the model is one of %d classes; the data have none",
                                        classes.get()))))
            .toArray();
    long largest = Arrays.stream(labels).max().orElse(0);
    if (largest >= classes.get()) {
      throw new UserException(
          String.format(
              Locale.ROOT, "the data have class %d; allowed: 0…%d", largest, classes.get() - 1));
    }
    return Optional.of(labels);
  }

  /** Returns the numbers of {@code count} images, or of all if there are no more. */
  static int[] drawn(ImageDataset data, int count, Seed seed) {
    return Arrays.copyOf(
        seed.derive("images").permutation(data.size()), Math.min(count, data.size()));
  }

  /** Returns images [N, C, H, W] in [−1, 1]. */
  static Tensor read(ImageDataset data, int[] drawn) throws IOException {
    ImageShape shape = data.shape();
    byte[] pixels = new byte[drawn.length * shape.pixels()];
    for (int i = 0; i < drawn.length; i++) {
      data.read(drawn[i], pixels, i * shape.pixels());
    }
    return Tensor.of(
        PixelRange.toModel(pixels), drawn.length, shape.channels(), shape.height(), shape.width());
  }

  /** Returns the number of images. */
  public int images() {
    return (int) x0.size(0);
  }

  /** Returns T. */
  public int steps() {
    return schedule.steps();
  }

  /** Measures the variational bound; {@code progress} is told the part that is done. */
  public BoundTable bound(BoundOptions options, DoubleConsumer progress) {
    TimeSelection times = TimeSelection.stratified(schedule, Math.max(2, options.looks));
    return new VariationalBound(
            schedule, FromConfig.variance(options.variance), options.decoder, times, options.draws)
        .measure(denoiser(options.range), x0, seed.derive("bound"), progress);
  }

  /**
   * Measures the negative log-likelihood of the probability-flow ODE, from the first level of the
   * schedule, below which the network knows nothing, to the last; x̂₀ is not clipped, as the ODE
   * must be smooth.
   *
   * @param firstStep variance and decoder of the step that {@link Dequantizer#FIRST_STEP} takes
   *     back
   * @param progress told the part that is done, in (0, 1]
   */
  public BitsPerDimension flow(
      FlowOptions options, BoundOptions firstStep, DoubleConsumer progress) {
    NoiseLevel first = schedule.level(1);
    NoiseLevel last = schedule.level(schedule.steps());
    if (!(last.signal() > 0)) { // zero terminal SNR: σ would be infinite
      last = schedule.level(schedule.steps() - 1);
    }
    ProbabilityFlowLikelihood.Ends ends =
        new ProbabilityFlowLikelihood.Ends(first.sigma(), last.sigma(), 1);
    ProbabilityFlowLikelihood flow =
        new ProbabilityFlowLikelihood(
            new ScheduleCurve(schedule), ends, Divergence.RADEMACHER, options.steps);
    ReverseVariance variance = FromConfig.variance(firstStep.variance);
    Dequantization dequantization =
        switch (options.dequantizer) {
          case UNIFORM -> Dequantization.uniform(first);
          case FIRST_STEP -> Dequantization.firstStep(schedule, variance, firstStep.decoder);
        };
    return BitsPerDimension.of(
        new ImageLikelihood(flow, dequantization, options.draws)
            .measure(denoiser(X0Range.UNBOUNDED), x0, seed.derive("flow"), progress));
  }

  private ImageDenoiser denoiser(X0Range range) {
    return images ->
        model.denoiser(
            labels.map(
                all ->
                    Tensor.of(
                        Arrays.stream(images).mapToLong(image -> all[image]).toArray(),
                        images.length)),
            range);
  }
}
