package io.github.diffusion4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C and SIGTERM as a wish to stop: the process lives on until the work has been brought to an
 * orderly end, but not longer than a minute.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForTheWork, "stop-signal");
  private volatile boolean raised;

  private StopSignal() {}

  /** Listens from now on until {@link #close()}. */
  static StopSignal listen() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  private void waitForTheWork() {
    raised = true;
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("gave up waiting for the work to stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the process has been asked to stop. */
  @Override
  public boolean getAsBoolean() {
    return raised;
  }

  /** Lets the process go, now that everything is saved. */
  @Override
  public void close() {
    finished.countDown();
    if (!raised) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
