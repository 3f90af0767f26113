package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;

/**
 * The forward process q, which turns an image into noise in T small steps.
 *
 * <p>Images are [N, C, H, W] in [−1, 1]; times are given one per image, each in 1…T. Results are
 * new tensors that belong to the caller's scope.
 */
public final class ForwardProcess {
  private final NoiseSchedule schedule;

  /** The process with the variances of {@code schedule}. */
  public ForwardProcess(NoiseSchedule schedule) {
    this.schedule = schedule;
  }

  /** Returns the schedule. */
  public NoiseSchedule schedule() {
    return schedule;
  }

  /** Returns the levels of a batch whose images are at the times {@code t}, each in 1…T. */
  public BatchLevels levels(int... t) {
    return BatchLevels.at(schedule, t);
  }

  /**
   * Draws from q(xₜ | x₍t−1₎), one step, [DDPM Eq. 2].
   *
   * <pre>  xₜ = √(1 − βₜ) x₍t−1₎ + √βₜ ε </pre>
   *
   * @param epsilon standard normal noise of the same shape
   */
  public Tensor step(Tensor xPrev, int[] t, Tensor epsilon) {
    return levels(t)
        .blend(
            xPrev,
            level -> Math.sqrt(schedule.alpha((int) level.t())),
            epsilon,
            level -> Math.sqrt(schedule.beta((int) level.t())));
  }

  /**
   * Draws from q(xₜ | x₀), all t steps at once, [DDPM Eq. 4].
   *
   * <pre>  xₜ = √ᾱₜ x₀ + √(1 − ᾱₜ) ε </pre>
   *
   * @param epsilon standard normal noise of the same shape
   */
  public Tensor sample(Tensor x0, int[] t, Tensor epsilon) {
    return levels(t).mix(x0, epsilon);
  }
}
