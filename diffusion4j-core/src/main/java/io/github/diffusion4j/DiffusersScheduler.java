package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.SchedulerFile;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.training.FromConfig;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A scheduler of diffusers, from its {@code scheduler_config.json} alone: for networks of any kind,
 * with no model folder.
 *
 * <pre>{@code
 * DiffusersScheduler scheduler = DiffusersScheduler.read(Path.of("scheduler_config.json"));
 * Tensor images =
 *     scheduler
 *         .sampler(20)
 *         .sample(scheduler.denoiser(network), noise, SamplingListener.NONE, 4, 3, 32, 32);
 * }</pre>
 *
 * <p>The samplers give diffusers' numbers; docs/math/samplers.md lists the exceptions.
 */
public final class DiffusersScheduler {
  private final SchedulerFile file;

  private DiffusersScheduler(SchedulerFile file) {
    this.file = file;
  }

  /**
   * Reads a {@code scheduler_config.json}.
   *
   * @throws UserException if it names a scheduler or an option that is not supported
   * @throws IOException if it cannot be read, or is no JSON object
   */
  public static DiffusersScheduler read(Path file) throws IOException {
    return new DiffusersScheduler(SchedulerFile.read(file));
  }

  /**
   * Reads the text of a {@code scheduler_config.json}.
   *
   * @throws UserException if it names a scheduler or an option that is not supported
   * @throws IOException if it is no JSON object
   */
  public static DiffusersScheduler parse(String json) throws IOException {
    return new DiffusersScheduler(SchedulerFile.parse(json));
  }

  /**
   * Returns the sampler that {@code set_timesteps(steps)} prepares.
   *
   * @throws UserException if the process has fewer steps
   */
  public Sampler sampler(int steps) {
    return sampler(steps, StepArguments.DEFAULT);
  }

  /**
   * Returns the sampler for other arguments of {@code step()}.
   *
   * @throws UserException if the process has fewer steps, or the scheduler no such argument
   */
  public Sampler sampler(int steps, StepArguments arguments) {
    return samplers(steps).sampler(arguments);
  }

  /**
   * Returns the level that image to image begins at, for {@link Sampler#sampleFrom}.
   *
   * @param strength in (0, 1]; 1 is as much noise as the sampler begins with
   * @throws UserException if no step is left
   */
  public int begin(int steps, double strength) {
    return samplers(steps).begin(strength);
  }

  /**
   * Returns a network as the denoiser that this scheduler's samplers take: its output is what
   * {@code prediction_type} says, and x̂₀ is held by {@code clip_sample} or {@code thresholding}.
   */
  public Denoiser denoiser(NetworkDenoiser.Network network) {
    return denoiser(network, StepArguments.DEFAULT);
  }

  /** Returns the denoiser for other arguments of {@code step()}. */
  public Denoiser denoiser(NetworkDenoiser.Network network, StepArguments arguments) {
    ProcessConfig process = file.process();
    return PublishedSamplers.bounded(
        new NetworkDenoiser(network, FromConfig.prediction(process), FromConfig.input(process)),
        file.scheduler(),
        arguments);
  }

  /** Returns the schedule of the process. */
  public NoiseSchedule schedule() {
    return FromConfig.schedule(file.process().schedule());
  }

  /** Returns the process, what the network predicts included. */
  public ProcessConfig process() {
    return file.process();
  }

  private PublishedSamplers samplers(int steps) {
    return new PublishedSamplers(file.scheduler(), file.process(), steps);
  }
}
