package io.github.diffusion4j.cli;

/**
 * Marks of what a process has reached, on its standard error, so that its time to there can be
 * taken from outside; printed only where asked for.
 */
public final class Trace {
  /** The option of the JVM that asks for the marks. */
  public static final String OPTION = "-Ddiffusion4j.trace=start";

  /** The mark of the first denoising step, printed as soon as it is done. */
  public static final String FIRST_STEP = "trace: first denoising step";

  private boolean wanted = "start".equals(System.getProperty("diffusion4j.trace"));

  /** Prints the mark, once. */
  void stepDone() {
    if (wanted) {
      wanted = false;
      System.err.println(FIRST_STEP);
    }
  }
}
