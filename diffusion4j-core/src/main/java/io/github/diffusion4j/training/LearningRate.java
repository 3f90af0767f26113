package io.github.diffusion4j.training;

/**
 * The learning rate over a training: a linear rise over the first steps, then a fall.
 *
 * <p>Differs: diffusers' {@code get_scheduler} begins with a step of rate 0, which is left out
 * here, and lets the fall begin when the rise is over; here both factors count from the first step,
 * since a budget of minutes does not say how many steps will follow the rise.
 *
 * @param peak the largest rate
 * @param warmupSteps over how many steps it rises; the first step has peak / warmupSteps
 * @param decay how it falls
 */
public record LearningRate(double peak, int warmupSteps, Decay decay) {
  /** How the rate falls with the progress of the training, from 1 to 0. */
  public enum Decay {
    /** It does not. */
    CONSTANT {
      @Override
      double at(double progress) {
        return 1;
      }
    },
    /** In proportion to what is left. */
    LINEAR {
      @Override
      double at(double progress) {
        return 1 - progress;
      }
    },
    /** Like half a cosine. */
    COSINE {
      @Override
      double at(double progress) {
        return 0.5 * (1 + Math.cos(Math.PI * progress));
      }
    };

    abstract double at(double progress);
  }

  /**
   * Returns the rate of a step.
   *
   * @param number 1 for the first step
   * @param progress the part of the training that is done, in [0, 1]
   */
  public double at(long number, double progress) {
    double rise = Math.min(1, (double) number / Math.max(1, warmupSteps));
    return peak * rise * decay.at(progress);
  }
}
