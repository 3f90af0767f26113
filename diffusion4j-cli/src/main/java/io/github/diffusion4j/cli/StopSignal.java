package io.github.diffusion4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM as a wish to stop: while one of these is open, the process lives on until the
 * work has been brought to an orderly end, but not longer than a minute.
 *
 * <p>Without one the process ends at once. It is halted then rather than exited: at an exit
 * libtorch takes itself apart, and a thread that is still computing in it would crash.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final int INTERRUPTED = 130;
  private static final AtomicReference<@Nullable StopSignal> OPEN = new AtomicReference<>();
  private static final CountDownLatch DONE = new CountDownLatch(1);

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean raised;

  private StopSignal() {}

  /** Makes signals end this process in the way described above; called once, by {@code main}. */
  static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(StopSignal::shutDown, "stop-signal"));
  }

  /** Says that the process is about to exit by itself, with nothing left to compute. */
  static void nothingLeftToStop() {
    DONE.countDown();
  }

  private static void shutDown() {
    StopSignal open = OPEN.get();
    if (open != null) {
      open.waitForTheWork();
    }
    if (DONE.getCount() > 0) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
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

  /** Listens from now on until {@link #close()}. */
  static StopSignal listen() {
    StopSignal signal = new StopSignal();
    OPEN.set(signal);
    return signal;
  }

  /** Returns whether the process has been asked to stop. */
  @Override
  public boolean getAsBoolean() {
    return raised;
  }

  /** Lets the process go, now that everything is saved. */
  @Override
  public void close() {
    OPEN.set(null);
    finished.countDown();
  }
}
