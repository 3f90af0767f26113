package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A denoiser that is shown its own last estimate of x₀ whenever it is asked again ([AnalogBits]).
 *
 * <p>It remembers, so it is the denoiser of one run: a second run begins with a new one. A sampler
 * that looks twice in a step shows it the first look's estimate at the second.
 */
public final class SelfConditionedDenoiser implements Denoiser, AutoCloseable {
  private final Function<Optional<Tensor>, Denoiser> conditioned;
  private @Nullable Tensor last;

  /**
   * A denoiser that has estimated nothing yet.
   *
   * @param conditioned the denoiser that is shown a given estimate of x₀ [N, …], or none; its own
   *     estimate is what is shown next, so a bound of x̂₀ belongs inside
   */
  public SelfConditionedDenoiser(Function<Optional<Tensor>, Denoiser> conditioned) {
    this.conditioned = conditioned;
  }

  @Override
  public Estimate estimate(Tensor xt, NoiseLevel level) {
    Estimate estimate = conditioned.apply(Optional.ofNullable(last)).estimate(xt, level);
    Tensor next = estimate.x0Hat().detach().copy().outlivingScopes();
    close();
    last = next;
    return estimate;
  }

  /** Frees the last estimate. */
  @Override
  public void close() {
    if (last != null) {
      last.close();
      last = null;
    }
  }
}
