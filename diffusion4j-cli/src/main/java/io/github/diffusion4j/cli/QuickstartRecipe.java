package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The preset of the quickstart for a given number of images. All that depends on the machine's
 * speed is decided before the first step and stands in the configuration of the run, so that a
 * resumed run needs to measure nothing.
 */
final class QuickstartRecipe {
  /** A warm-up longer than this share of the training costs more than it saves. */
  private static final double WARM_UP = 0.04;

  private final ExperimentConfig preset = Presets.load("digits-quickstart");
  private final List<String> given;
  private final ExperimentConfig base;

  /** The recipe with what was given on the command line. */
  QuickstartRecipe(List<String> given) {
    this.given = List.copyOf(given);
    this.base = Overrides.apply(preset, given);
  }

  /** Returns the recipe that nothing was adapted in. */
  ExperimentConfig base() {
    return base;
  }

  /** Whether nothing was given but when to stop, what to write, and the seed. */
  boolean isAdaptive() {
    return ConfigFiles.differences(preset, base).stream()
        .allMatch(
            path ->
                path.equals("seed")
                    || path.startsWith("training.budget.")
                    || path.startsWith("reporting."));
  }

  /**
   * Returns the recipe for a plan; what was given stays.
   *
   * @param plan how long is trained, and how many images will be seen
   */
  ExperimentConfig adapted(QuickstartPlan plan) {
    List<String> values = new ArrayList<>();
    values.add(option("training.budget.maxMinutes", plan.trainingSeconds() / 60));
    values.add("--reporting.sampleEverySteps=1000000000"); // a grid a minute is drawn instead
    values.add("--reporting.logEverySteps=" + logEverySteps(images(plan)));
    if (isAdaptive()) {
      values.add("--training.learningRate.warmupSteps=" + warmUp(images(plan)));
    }
    values.addAll(given);
    return Overrides.apply(preset, values);
  }

  private long images(QuickstartPlan plan) {
    int batch = base.training().batch();
    return base.training()
        .budget()
        .maxSteps()
        .map(steps -> Math.min(steps * batch, plan.images()))
        .orElse(plan.images());
  }

  /** A chart of the loss needs a hundred points, if there are as many. */
  private long logEverySteps(long images) {
    long steps = images / base.training().batch();
    return Math.max(1, Math.min(preset.reporting().logEverySteps(), steps / 100));
  }

  private int warmUp(long images) {
    long steps = images / base.training().batch();
    int usual = preset.training().learningRate().warmupSteps();
    return (int) Math.max(1, Math.min(usual, Math.round(WARM_UP * steps)));
  }

  private static String option(String path, double value) {
    return String.format(Locale.ROOT, "--%s=%.4f", path, value);
  }
}
