package io.github.diffusion4j.cli;

import io.github.diffusion4j.training.LoggedDivergence;
import io.github.diffusion4j.training.StepReport;
import io.github.diffusion4j.training.TrainingListener;
import java.util.Locale;

/** Shows a training: samples per second, a smoothed loss, time left. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private static final double LOSS_KEPT = 0.98;
  private static final double RATE_WINDOW_SECONDS = 5;

  private final Progress progress;
  private final String noun;
  private double loss = Double.NaN;
  private double windowStart = Double.NaN;
  private long windowImages;
  private double imagesPerSecond;
  private double firstProgress = Double.NaN;
  private double firstElapsed;

  /** Calls the samples {@code noun}, as in "images". */
  TrainingProgress(Progress progress, String noun) {
    this.progress = progress;
    this.noun = noun;
  }

  @Override
  public void onStep(StepReport report) {
    loss = Double.isNaN(loss) ? report.loss() : LOSS_KEPT * loss + (1 - LOSS_KEPT) * report.loss();
    measureRate(report);
    progress.show(
        report.progress(),
        String.format(Locale.ROOT, "step %,d", report.step()),
        String.format(Locale.ROOT, "%,d %s", report.images(), noun),
        String.format(Locale.ROOT, "%.0f/s", imagesPerSecond),
        String.format(Locale.ROOT, "loss %.4f", loss),
        Durations.of(secondsLeft(report)) + " left");
  }

  @Override
  public void onDivergence(LoggedDivergence divergence) {
    windowStart = Double.NaN;
    loss = Double.NaN;
    progress.say(
        String.format(
            Locale.ROOT,
            "%s; back to step %d, with learningRate.peak %.3g in place of %.3g",
            divergence.diverged(),
            divergence.backTo().orElseThrow(),
            divergence.lowerPeak().orElseThrow(),
            divergence.peak()));
  }

  private void measureRate(StepReport report) {
    if (Double.isNaN(windowStart)) {
      windowStart = report.elapsedSeconds();
      windowImages = report.images();
      return;
    }
    double seconds = report.elapsedSeconds() - windowStart;
    if (seconds > 0 && (imagesPerSecond == 0 || seconds >= RATE_WINDOW_SECONDS)) {
      imagesPerSecond = (report.images() - windowImages) / seconds;
      if (seconds >= RATE_WINDOW_SECONDS) {
        windowStart = report.elapsedSeconds();
        windowImages = report.images();
      }
    }
  }

  /** What this session's pace says; a resumed training may have begun on another machine. */
  private double secondsLeft(StepReport report) {
    if (Double.isNaN(firstProgress)) {
      firstProgress = report.progress();
      firstElapsed = report.elapsedSeconds();
    }
    double done = report.progress() - firstProgress;
    double seconds = report.elapsedSeconds() - firstElapsed;
    return done > 0 ? seconds / done * (1 - report.progress()) : Double.NaN;
  }

  /** Prints a line of its own. */
  void say(String line) {
    progress.say(line);
  }

  @Override
  public void close() {
    progress.close();
  }
}
