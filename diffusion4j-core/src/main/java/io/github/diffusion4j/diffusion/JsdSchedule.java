package io.github.diffusion4j.diffusion;

import java.util.stream.IntStream;

/**
 * The schedule in which the share of the image's variance falls by 1 / T in each step; "jsd" in
 * Ho's code, and how [DPM] erased binary data.
 *
 * <p>Its last β is 1: x_T is noise and nothing else, so that no image can be computed from x_T and
 * an estimate of ε. It is for networks that predict x₀ or v, as with {@link ZeroTerminalSnr}.
 */
public final class JsdSchedule {
  private JsdSchedule() {}

  /**
   * Returns the schedule with T = {@code steps}.
   *
   * <pre>  βₜ = 1 / (T − t + 1),  so that ᾱₜ = 1 − t / T </pre>
   */
  public static NoiseSchedule of(int steps) {
    return NoiseSchedule.ofBetas(
        IntStream.rangeClosed(1, steps).mapToDouble(t -> 1.0 / (steps - t + 1)).toArray());
  }
}
