package io.github.diffusion4j.diffusion;

import java.util.Arrays;

/** The schedule in which β grows like a sigmoid ([GeoDiff]); diffusers' {@code sigmoid}. */
public final class GeoDiffSigmoidSchedule {
  private GeoDiffSigmoidSchedule() {}

  /**
   * Returns T = {@code steps} variances between {@code betaStart} and {@code betaEnd}.
   *
   * <pre>  βₜ = σ(uₜ) · (betaEnd − betaStart) + betaStart,  u from −6 to 6 </pre>
   */
  public static NoiseSchedule of(int steps, double betaStart, double betaEnd) {
    return NoiseSchedule.ofBetas(
        Arrays.stream(LinearSchedule.spaced(steps, -6, 6))
            .map(u -> SigmoidSchedule.sigmoid(u) * (betaEnd - betaStart) + betaStart)
            .toArray());
  }
}
