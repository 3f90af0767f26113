package io.github.diffusion4j.diffusion;

import java.util.stream.IntStream;

/**
 * Moves the end of a schedule to pure noise.
 *
 * <p>Most schedules leave a little of the image in x_T, which training sees and sampling, which
 * begins with noise, does not. Only networks that predict x₀ or v can begin at such an end: where
 * ᾱ_T = 0, an estimate of ε says nothing about the image.
 */
public final class ZeroTerminalSnr {
  private ZeroTerminalSnr() {}

  /**
   * Returns the schedule with √ᾱ shifted and scaled so that ᾱ_T is exactly 0, [ZTSNR Alg. 1].
   *
   * <pre>  √ᾱ′ₜ = (√ᾱₜ − √ᾱ_T) · √ᾱ₁ / (√ᾱ₁ − √ᾱ_T) </pre>
   *
   * <p>β₁ stays what it was; with T = 1, where that is not possible, it becomes 1.
   */
  public static NoiseSchedule of(NoiseSchedule schedule) {
    int steps = schedule.steps();
    double last = schedule.sqrtAlphaBar(steps);
    return NoiseSchedule.ofBetas(
        IntStream.rangeClosed(1, steps)
            .mapToDouble(
                t -> {
                  if (t == steps) {
                    return 1;
                  } else if (t == 1) {
                    return schedule.beta(1);
                  }
                  // The scale cancels out between neighbors.
                  double now = schedule.sqrtAlphaBar(t) - last;
                  double before = schedule.sqrtAlphaBar(t - 1) - last;
                  return 1 - now * now / (before * before);
                })
            .toArray());
  }
}
