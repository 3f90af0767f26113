package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScopeTest {

  @Test
  void keep_nestedScopes_survivesUpToTheOutermost() {
    try (Scope outer = Scope.open()) {
      Tensor kept;
      try (Scope middle = Scope.open()) {
        try (Scope inner = Scope.open()) {
          kept = inner.keep(Tensor.full(7, 1000));
        }
        kept = middle.keep(kept);
      }
      overwriteFreedMemory();
      assertThat(kept.mean().item()).isEqualTo(7);
    }
  }

  @Test
  void keep_oneOfThree_leavesOneMoreObject() {
    try (Scope outer = Scope.open()) {
      long before = LiveObjects.settled();
      try (Scope inner = Scope.open()) {
        Tensor x = Tensor.zeros(3);
        inner.keep(x.plus(1).times(2));
      }
      assertThat(Scope.liveObjects()).isEqualTo(before + 1);
    }
  }

  @Test
  void keep_noEnclosingScope_belongsToTheHolder() {
    long before = LiveObjects.settled();
    Tensor kept;
    try (Scope scope = Scope.open()) {
      kept = scope.keep(Tensor.full(7, 10));
    }
    overwriteFreedMemory();

    assertThat(kept.mean().item()).isEqualTo(7);
    assertThat(Scope.liveObjects()).isGreaterThan(before);
    kept.close();
  }

  @Test
  void keep_throughTheOuterScope_worksWhileInnerIsOpen() {
    try (Scope outermost = Scope.open()) {
      Tensor kept;
      try (Scope outer = Scope.open()) {
        try (Scope inner = Scope.open()) {
          kept = outer.keep(Tensor.full(7, 10));
        }
        assertThat(kept.mean().item()).isEqualTo(7);
      }
      overwriteFreedMemory();
      assertThat(kept.mean().item()).isEqualTo(7);
    }
  }

  @Test
  void close_afterManyIterations_leavesNothing() {
    try (Scope outer = Scope.open()) {
      Tensor state = Tensor.zeros(8);
      LiveObjects.settled();
      long few = liveAfter(20, state);
      long many = liveAfter(200, state);

      assertThat(many).isEqualTo(few);
    }
  }

  @Test
  void close_tensorClosedBefore_isHarmless() {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.zeros(3);
      tensor.close();
      tensor.close();
    }
  }

  @Test
  void reading_withoutScope_leavesNothing() {
    Tensor tensor = Tensor.zeros(3);
    long before = LiveObjects.settled();
    for (int i = 0; i < 20; i++) {
      tensor.toFloats();
      tensor.toDoubles();
      tensor.toLongs();
      tensor.toBytes();
    }

    assertThat(Scope.liveObjects()).isLessThanOrEqualTo(before);
    tensor.close();
  }

  @Test
  void scopes_ofTwoThreads_areIndependent() throws InterruptedException {
    try (Scope mine = Scope.open()) {
      Tensor tensor = Tensor.full(7, 10);
      Thread other =
          new Thread(
              () -> {
                try (Scope theirs = Scope.open()) {
                  tensor.plus(1);
                }
              });
      other.start();
      other.join();

      assertThat(tensor.mean().item()).isEqualTo(7);
    }
  }

  private static long liveAfter(int iterations, Tensor state) {
    for (int i = 0; i < iterations; i++) {
      try (Scope scope = Scope.open()) {
        state.copyInPlace(state.plus(1).times(0.5).clamp(-1, 1));
        state.toFloats();
        state.mean().item();
      }
    }
    return Scope.liveObjects();
  }

  /** Gives a use after free the chance to show. */
  private static void overwriteFreedMemory() {
    try (Scope scope = Scope.open()) {
      for (int i = 0; i < 20; i++) {
        Tensor.full(-1, 1000);
        Tensor.full(-1, 10);
      }
    }
  }
}
