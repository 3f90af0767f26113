package io.github.diffusion4j.config;

/**
 * What a run writes while it trains.
 *
 * @param logEverySteps distance of the lines of metrics.jsonl, in steps
 * @param sampleEverySteps distance of the sample grids, in steps
 * @param checkpointEverySteps distance of the checkpoints, in steps
 * @param sampleCount images per sample grid
 */
public record ReportingConfig(
    int logEverySteps, int sampleEverySteps, int checkpointEverySteps, int sampleCount) {

  /** Refuses values below 1. */
  public ReportingConfig {
    Require.positive("reporting.logEverySteps", logEverySteps);
    Require.positive("reporting.sampleEverySteps", sampleEverySteps);
    Require.positive("reporting.checkpointEverySteps", checkpointEverySteps);
    Require.positive("reporting.sampleCount", sampleCount);
  }
}
