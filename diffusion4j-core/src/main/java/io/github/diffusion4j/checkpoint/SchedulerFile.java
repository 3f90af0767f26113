package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A {@code scheduler_config.json} of diffusers.
 *
 * @param scheduler how it samples
 * @param process the process that it samples from
 */
public record SchedulerFile(PublishedScheduler scheduler, ProcessConfig process) {

  /**
   * Reads the file.
   *
   * @throws UserException if it names a scheduler or an option that is not supported
   * @throws IOException if it cannot be read, or is no JSON object
   */
  public static SchedulerFile read(Path file) throws IOException {
    return of(OptionFile.read(file));
  }

  /**
   * Reads the text of such a file.
   *
   * @throws UserException if it names a scheduler or an option that is not supported
   * @throws IOException if it is no JSON object
   */
  public static SchedulerFile parse(String json) throws IOException {
    return of(OptionFile.parse(json, Path.of("scheduler_config.json")));
  }

  private static SchedulerFile of(OptionFile options) {
    PublishedScheduler scheduler = SchedulerOptions.read(options);
    return new SchedulerFile(scheduler, ProcessOptions.read(options, scheduler));
  }
}
