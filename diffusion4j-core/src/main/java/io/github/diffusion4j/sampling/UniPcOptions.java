package io.github.diffusion4j.sampling;

/**
 * How a {@link UniPcSampler} solves.
 *
 * @param order how many estimates the predictor uses, 1 or more; the corrector uses one more
 * @param integrand what is interpolated: x̂₀ as a rule
 * @param scale B(h) of the paper
 * @param corrector which steps are corrected
 * @param finalOrder the order of the last steps
 */
public record UniPcOptions(
    int order, Integrand integrand, Scale scale, Corrector corrector, FinalOrder finalOrder) {

  /**
   * B(h), the weight of differences where there is but one, so that the order leaves it free. Where
   * there are more, they determine their weights themselves.
   */
  public enum Scale {
    /** B₁(h) = h. */
    BH1,

    /** B₂(h) = eʰ − 1, with −h for h if x̂₀ is interpolated. */
    BH2
  }

  /** Which steps are corrected once their end has been looked at. */
  @FunctionalInterface
  public interface Corrector {
    /** Every step. */
    Corrector ALWAYS = number -> true;

    /** No step: the predictor alone, UniP. */
    Corrector NEVER = number -> false;

    /** Returns whether the step is corrected; {@code number} is 1 for the first of the run. */
    boolean corrects(int number);
  }

  /** Refuses orders below 1. */
  public UniPcOptions {
    if (order < 1) {
      throw new IllegalArgumentException("order is " + order + "; allowed: 1 or more");
    }
  }

  /** Returns UniPC of the given order as it is usually run: x̂₀, B₂, corrected, falling. */
  public static UniPcOptions ofOrder(int order) {
    return new UniPcOptions(order, Integrand.X0, Scale.BH2, Corrector.ALWAYS, FinalOrder.FALLING);
  }

  /** The same with another integrand. */
  public UniPcOptions with(Integrand other) {
    return new UniPcOptions(order, other, scale, corrector, finalOrder);
  }

  /** The same with another B(h). */
  public UniPcOptions with(Scale other) {
    return new UniPcOptions(order, integrand, other, corrector, finalOrder);
  }

  /** The same with another corrector. */
  public UniPcOptions with(Corrector other) {
    return new UniPcOptions(order, integrand, scale, other, finalOrder);
  }

  /** The same with another order of the last steps. */
  public UniPcOptions with(FinalOrder other) {
    return new UniPcOptions(order, integrand, scale, corrector, other);
  }
}
