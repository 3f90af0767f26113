package io.github.diffusion4j.config;

/**
 * How a model is measured while it trains; the best checkpoint is kept.
 *
 * @param every distance of the measurements, in steps
 * @param samples how many images are drawn each time, with the averaged weights
 * @param features the network that looks at them, {@code digits} for instance
 * @param steps denoising steps of the recipe's sampler
 */
public record EvaluationConfig(int every, int samples, String features, int steps) {

  /** Refuses values below 1, fewer than two samples, and no network. */
  public EvaluationConfig {
    Require.positive("training.evaluation.every", every);
    Require.that(samples >= 2, "training.evaluation.samples", samples, "a whole number from 2 on");
    Require.text("training.evaluation.features", features);
    Require.positive("training.evaluation.steps", steps);
  }
}
