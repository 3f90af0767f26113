package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  @Test
  void timePasses_fromElapsedToLeft() {
    AtomicLong nanos = new AtomicLong(5_000_000_000L);
    Deadline deadline = Deadline.after(60, nanos::get);

    nanos.addAndGet(45_000_000_000L);
    assertThat(deadline.elapsed()).isCloseTo(45, within(1e-9));
    assertThat(deadline.left()).isCloseTo(15, within(1e-9));

    nanos.addAndGet(45_000_000_000L);
    assertThat(deadline.left()).isCloseTo(-30, within(1e-9));
  }

  @Test
  void whatPassedBeforehand_counts() {
    Deadline deadline = Deadline.after(Instant.now().minusSeconds(100), 60);

    assertThat(deadline.elapsed()).isGreaterThanOrEqualTo(100);
    assertThat(deadline.left()).isLessThanOrEqualTo(-40);
  }
}
