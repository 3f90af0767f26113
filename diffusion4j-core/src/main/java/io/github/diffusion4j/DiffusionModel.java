package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.ModelOrigin;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.config.Extent;
import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.AnalyticVariance;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.nn.DividedPass;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.ForwardPass;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.nn.NetworkEngine;
import io.github.diffusion4j.sampling.BoundedDenoiser;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.PointNoise;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.sampling.SeededNoise;
import io.github.diffusion4j.sampling.SelfConditionedDenoiser;
import io.github.diffusion4j.sampling.VarianceEstimator;
import io.github.diffusion4j.torch.EngineCheck;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * A trained network together with the process it was trained for.
 *
 * <pre>{@code
 * try (DiffusionModel model = DiffusionModel.open(Path.of("runs/mnist"));
 *     Scope scope = Scope.open()) {
 *   Tensor images = model.sample(SampleRequest.of(64), sampling, SamplingListener.NONE);
 * }
 * }</pre>
 */
public final class DiffusionModel implements AutoCloseable {
  private final Network network;
  private final ProcessConfig process;
  private final PublishedScheduler scheduler;
  private final ModelOrigin origin;
  private final Optional<NetworkEngine> engine;

  /** A model of a network that the caller goes on to own, such as one in training. */
  public DiffusionModel(Network network, ProcessConfig process) {
    this(
        network,
        process,
        PublishedScheduler.usual(process),
        ModelOrigin.DIFFUSION4J,
        Optional.empty());
  }

  private DiffusionModel(
      Network network,
      ProcessConfig process,
      PublishedScheduler scheduler,
      ModelOrigin origin,
      Optional<NetworkEngine> engine) {
    this.network = network;
    this.process = process;
    this.scheduler = scheduler;
    this.origin = origin;
    this.engine = engine;
  }

  /**
   * Returns this model with {@code engine} for its forward passes. Close the returned model only;
   * that closes the engine too.
   */
  public DiffusionModel withEngine(NetworkEngine engine) {
    return new DiffusionModel(network, process, scheduler, origin, Optional.of(engine));
  }

  /**
   * Opens a checkpoint, a run directory (its latest checkpoint) or any diffusers folder.
   *
   * @throws UserException if the folder holds no model
   */
  public static DiffusionModel open(Path folder) throws IOException {
    Path resolved = ModelSource.resolve(folder);
    DiffusersPipeline pipeline = DiffusersPipeline.read(resolved);
    ModelOrigin origin = ModelOrigin.of(resolved);
    return new DiffusionModel(
        pipeline.load(), pipeline.process(), pipeline.scheduler(), origin, Optional.empty());
  }

  /**
   * Draws images or points.
   *
   * @return images [N, C, H, W] in [−1, 1], or points [N, D], in the caller's scope
   */
  public Tensor sample(SampleRequest request, SamplingConfig sampling, SamplingListener listener) {
    return sample(request, sampling, FromConfig.variance(process.variance()), listener);
  }

  /** As the other, with another variance of the reverse steps than the process names. */
  public Tensor sample(
      SampleRequest request,
      SamplingConfig sampling,
      ReverseVariance variance,
      SamplingListener listener) {
    Sampler sampler = Samplers.of(sampling, process, variance);
    return sample(
        request,
        new Run(sampler, strength -> InitialImages.stepsLeft(sampler.grid().steps(), strength)),
        free -> PublishedSamplers.bounded(free, scheduler.bound()),
        listener);
  }

  /**
   * Draws images or points in the way that the model's folder says.
   *
   * @param steps how many steps
   * @param eta if it says DDIM, how much fresh noise: 0 none, 1 as much as DDPM
   */
  public Tensor sample(SampleRequest request, int steps, double eta, SamplingListener listener) {
    return sample(request, steps, StepArguments.ofEta(eta), listener);
  }

  /**
   * Draws images or points with a sampler that visits the given times.
   *
   * @param times out of 1…T, T being the steps of the model's schedule; see {@link
   *     SubSequence#respaced}
   * @param eta fresh noise of DDIM, 0 to 1
   */
  public Tensor sample(
      SampleRequest request,
      SubSequence times,
      SamplingConfig.Sampler named,
      double eta,
      SamplingListener listener) {
    Sampler sampler = Samplers.at(times, named, eta, process);
    return sample(
        request,
        new Run(sampler, strength -> InitialImages.stepsLeft(times.length(), strength)),
        free -> PublishedSamplers.bounded(free, scheduler.bound()),
        listener);
  }

  /**
   * Draws images or points in the way that the model's folder says.
   *
   * @param steps how many steps
   * @param arguments what diffusers' callers hand to each step
   */
  public Tensor sample(
      SampleRequest request, int steps, StepArguments arguments, SamplingListener listener) {
    PublishedSamplers samplers = new PublishedSamplers(scheduler, process, steps);
    return sample(
        request,
        new Run(samplers.sampler(arguments), samplers::begin),
        free -> PublishedSamplers.bounded(free, scheduler, arguments),
        listener);
  }

  /** A sampler, and the level at which it begins with images, by their strength. */
  private record Run(Sampler sampler, DoubleToIntFunction begin) {
    Tensor sample(
        SampleRequest request,
        Denoiser denoiser,
        NoiseSource noise,
        SamplingListener listener,
        long... shape) {
      if (request.initial().isEmpty()) {
        return sampler.sample(denoiser, noise, listener, shape);
      }
      InitialImages initial = request.initial().get();
      initial.requireShape(shape);
      int s = begin.applyAsInt(initial.strength());
      try (Scope scope = Scope.open()) {
        Tensor xs = sampler.grid().noised(s, initial.x0(), noise);
        return scope.keep(sampler.sampleFrom(s, xs, denoiser, noise, listener));
      }
    }
  }

  private Tensor sample(
      SampleRequest request, Run run, UnaryOperator<Denoiser> bound, SamplingListener listener) {
    if (engine.isPresent()) {
      return sample(request, run, bound, engine.get(), listener);
    }
    EngineCheck.require();
    try (DividedPass divided = new DividedPass(network, request.count())) {
      return sample(request, run, bound, divided, listener);
    }
  }

  private Tensor sample(
      SampleRequest request,
      Run run,
      UnaryOperator<Denoiser> bound,
      ForwardPass pass,
      SamplingListener listener) {
    Optional<Tensor> labels = Labels.of(network.config(), request);
    if (isSelfConditioned()) {
      try (SelfConditionedDenoiser denoiser =
          new SelfConditionedDenoiser(last -> bound.apply(shown(pass, last, labels)))) {
        return sample(request, run, denoiser, listener);
      }
    }
    return sample(request, run, bound.apply(shown(pass, Optional.empty(), labels)), listener);
  }

  private Tensor sample(
      SampleRequest request, Run run, Denoiser denoiser, SamplingListener listener) {
    requireSize();
    long[] shape =
        LongStream.concat(
                LongStream.of(request.count()),
                network.config().sampleShape().stream().mapToLong(Integer::longValue))
            .toArray();
    Tensor samples = run.sample(request, denoiser, noise(request), listener, shape);
    return isOfImages() ? samples.clamp(-1, 1) : samples;
  }

  /**
   * Finds the noise that images come from, in the way that the model's folder says.
   *
   * @param images [N, C, H, W] in [−1, 1]
   * @param labels their classes, I64 [N], if the model has classes
   * @param steps how many steps
   * @return the noise, same shape, in the caller's scope
   * @throws UserException if the folder names a scheduler that takes noise to images
   */
  public Tensor invert(
      Tensor images, Optional<Tensor> labels, int steps, SamplingListener listener) {
    Denoiser free = denoiser(labels, ProcessConfig.X0Range.UNBOUNDED);
    return new PublishedSamplers(scheduler, process, steps)
        .inversion()
        .encode(PublishedSamplers.bounded(free, scheduler), images, listener);
  }

  /**
   * Measures the best variance for the steps that {@code sampling} takes, on images of the data.
   *
   * @param x0 images [N, C, H, W] in [−1, 1]; a hundred are enough
   * @param labels their classes, I64 [N], if the model has classes
   */
  public AnalyticVariance analyticVariance(
      Tensor x0, Optional<Tensor> labels, SamplingConfig sampling, long seed) {
    NoiseSchedule schedule = FromConfig.schedule(process.schedule());
    SubSequence times = Samplers.times(sampling, schedule);
    return new VarianceEstimator(schedule, times, 1)
        .estimate(denoiser(labels, ProcessConfig.X0Range.UNBOUNDED), x0, Seed.of(seed));
  }

  /** Returns whether it says how large its samples are; published networks may not. */
  public boolean isOfKnownSize() {
    return !(network.config() instanceof UNetConfig unet
        && unet.extent().orElse(null) instanceof Extent.Unknown);
  }

  /** Refuses networks that do not say how large their images are. */
  void requireSize() {
    if (!isOfKnownSize()) {
      throw new UserException(
          "the model does not say how large its images are; allowed: sample_size in unet/config.json, one number, or height and width");
    }
  }

  private NoiseSource noise(SampleRequest request) {
    return isOfImages()
        ? new SeededNoise(request.seed(), request.first())
        : new PointNoise(request.seed(), request.first());
  }

  /** Returns whether the samples are images, not points. */
  public boolean isOfImages() {
    return network.config() instanceof ImageModelConfig;
  }

  private boolean isSelfConditioned() {
    return network.config() instanceof LucidUNetConfig lucid
        && lucid.selfConditioning() == LucidUNetConfig.SelfConditioning.LAST_ESTIMATE;
  }

  /** Returns the network as a denoiser that is shown the estimate {@code last} beside xₜ. */
  private Denoiser shown(ForwardPass pass, Optional<Tensor> last, Optional<Tensor> labels) {
    return new NetworkDenoiser(
        (xt, time) ->
            pass.forward(
                last.map(x0Hat -> Tensor.cat(List.of(x0Hat, xt), 1)).orElse(xt), time, labels),
        FromConfig.prediction(process),
        FromConfig.input(process));
  }

  /**
   * Returns the network as a denoiser; one that is self-conditioned sees zeros in place of its last
   * estimate, as it does half of the time in training, and only {@link #sample} shows it the
   * estimate.
   *
   * @param labels the classes of the images it will be asked about, I64 [N]; empty for an
   *     unconditional model. They must live as long as the denoiser is used
   * @param range whether x̂₀ is clipped; the process names what the model was made for
   */
  public Denoiser denoiser(Optional<Tensor> labels, ProcessConfig.X0Range range) {
    Denoiser denoiser = shown(pass(), Optional.empty(), labels);
    return switch (range) {
      case CLIP_TO_DATA -> BoundedDenoiser.clipping(denoiser, 1);
      case UNBOUNDED -> denoiser;
    };
  }

  /** Returns the network. */
  public Network network() {
    return network;
  }

  /** Returns the forward pass of its engine, or else of the network. */
  public ForwardPass pass() {
    return engine
        .<ForwardPass>map(other -> other)
        .orElse((x, time, labels) -> network.forward(x, time, labels, Dropout.NONE));
  }

  /** Returns the name of what evaluates the network: {@code torch}, or that of its engine. */
  public String engineName() {
    return engine.map(NetworkEngine::name).orElse("torch");
  }

  /** Returns who trained it. */
  public ModelOrigin origin() {
    return origin;
  }

  /** Returns the process it was trained for. */
  public ProcessConfig process() {
    return process;
  }

  /** Returns how its folder says that it is to be sampled. */
  public PublishedScheduler scheduler() {
    return scheduler;
  }

  @Override
  public void close() {
    engine.ifPresent(NetworkEngine::close);
    network.close();
  }
}
