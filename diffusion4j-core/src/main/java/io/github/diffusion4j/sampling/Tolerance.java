package io.github.diffusion4j.sampling;

import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Locale;

/**
 * How large the error of one step of an adaptive method may be.
 *
 * <pre>  root mean square over an image of error / (absolute + relative · |x|) ≤ 1 </pre>
 *
 * @param relative the part in proportion to the pixel
 * @param absolute the part that does not depend on it
 */
public record Tolerance(double relative, double absolute) {
  /** Refuses tolerances below 0, and none at all. */
  public Tolerance {
    if (!(relative >= 0 && absolute >= 0 && relative + absolute > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "tolerances are %s and %s; allowed: 0 or more, and not both 0",
              relative,
              absolute));
    }
  }

  /** Returns the error in units of what is allowed, that of the worst image. */
  double measure(Tensor error, Tensor before, Tensor after) {
    Tensor allowed = before.abs().maximum(after.abs()).times(relative).plus(absolute);
    Tensor squares = error.dividedBy(allowed).square().reshape(error.size(0), -1).mean(1);
    return Math.sqrt(Arrays.stream(squares.toDoubles()).reduce(0, Math::max));
  }
}
