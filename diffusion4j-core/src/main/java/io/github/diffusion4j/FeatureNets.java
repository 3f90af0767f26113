package io.github.diffusion4j;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.evaluation.DigitFeatureNet;
import io.github.diffusion4j.evaluation.FeatureNet;
import java.io.IOException;

/** Opens feature networks by what a user calls them: a protocol and, mostly, a file of weights. */
public final class FeatureNets {
  /** What {@link #open} takes, for messages and help texts. */
  public static final String ALLOWED = "digits";

  private FeatureNets() {}

  /**
   * Opens the network that {@code specification} names.
   *
   * @param specification one of {@link #ALLOWED}
   * @return a network that the caller closes
   * @throws IOException if its file cannot be read or holds other weights
   * @throws UserException if there is no such network
   */
  public static FeatureNet open(String specification) throws IOException {
    if (specification.equals("digits")) {
      return DigitFeatureNet.embedded();
    }
    throw new UserException(
        "there is no feature network %s; allowed: %s".formatted(specification, ALLOWED));
  }
}
