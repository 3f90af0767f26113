package io.github.diffusion4j;

import org.assertj.core.configuration.Configuration;

/** Makes AssertJ print ten elements of an array or a list at most, not a thousand. */
public final class ShortMessages extends Configuration {

  @Override
  public int maxElementsForPrinting() {
    return 10;
  }

  @Override
  public void applyAndDisplay() {
    apply(); // and print no list of settings
  }
}
