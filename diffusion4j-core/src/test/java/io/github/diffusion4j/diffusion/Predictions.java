package io.github.diffusion4j.diffusion;

/** Every kind of prediction, by name, for tests that hold for all. */
public enum Predictions {
  EPSILON(Prediction.EPSILON),
  X0(Prediction.X0),
  V(Prediction.V),
  SCORE(Prediction.SCORE),
  PREVIOUS(Prediction.previous(LinearSchedule.ddpm())),
  PRECONDITIONED(Prediction.preconditioned(0.5));

  @SuppressWarnings("ImmutableEnumChecker") // predictions are functions without state
  private final Prediction prediction;

  Predictions(Prediction prediction) {
    this.prediction = prediction;
  }

  public Prediction get() {
    return prediction;
  }
}
