package io.github.diffusion4j.cli.bench;

import java.io.IOException;

/**
 * A way of doing a work, which has to be warmed up before it is measured.
 *
 * @param mode what distinguishes it from the other ways, such as an engine
 * @param opening starts it
 */
record Entrant(String mode, Opening opening) {
  /** Starts a process and warms it up. */
  @FunctionalInterface
  interface Opening {
    /** Returns the running process, which the caller closes. */
    Contestant open() throws IOException;
  }
}
