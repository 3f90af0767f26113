package io.github.diffusion4j.torch;

/** Makes counts of live native objects comparable: what earlier tests left is collected first. */
public final class LiveObjects {
  private static final int QUIET_ROUNDS = 3;
  private static final int MOST_ROUNDS = 100;

  private LiveObjects() {}

  /** Collects garbage until the number of live native objects rests, and returns it. */
  public static long settled() {
    long count = Scope.liveObjects();
    for (int round = 0, quiet = 0; quiet < QUIET_ROUNDS; round++) {
      if (round == MOST_ROUNDS) {
        throw new AssertionError("the number of live native objects does not come to rest");
      }
      System.gc(); // JavaCPP's own thread frees what the collector finds, a moment later
      pause();
      long now = Scope.liveObjects();
      quiet = now == count ? quiet + 1 : 0;
      count = now;
    }
    return count;
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
