package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PointDatasetTest {
  private static final PointDataset FIVE =
      new PointDataset(new float[] {0, 10, 1, 11, 2, 12, 3, 13, 4, 14}, 2);
  private static final Seed SEED = Seed.of(1);

  @Test
  void batches_oneEpoch_showsEveryPointOnce() throws IOException {
    try (Batches batches = FIVE.batches(5, Augmentation.NONE, SEED, 0)) {
      float[] first = next(batches);
      float[] second = next(batches);

      assertThat(sorted(first)).containsExactly(0, 1, 2, 3, 4, 10, 11, 12, 13, 14);
      assertThat(sorted(second)).isEqualTo(sorted(first));
      assertThat(second).isNotEqualTo(first);
      for (int i = 0; i < first.length; i += 2) {
        assertThat(first[i + 1] - first[i]).isEqualTo(10);
      }
    }
  }

  @Test
  void batches_startedLater_goOnAsIfNeverStopped() throws IOException {
    try (Batches whole = FIVE.batches(3, Augmentation.NONE, SEED, 0);
        Batches resumed = FIVE.batches(3, Augmentation.NONE, SEED, 4)) {
      for (int i = 0; i < 4; i++) {
        next(whole);
      }
      assertThat(next(resumed)).isEqualTo(next(whole));
    }
  }

  @Test
  void fingerprint_otherPoints_isAnother() {
    assertThat(new PointDataset(new float[] {1, 2}, 2).fingerprint())
        .hasSize(16)
        .isNotEqualTo(new PointDataset(new float[] {1, 3}, 2).fingerprint())
        .isNotEqualTo(new PointDataset(new float[] {1, 2}, 1).fingerprint());
  }

  @Test
  void wrongArguments_areRefused() {
    assertThatThrownBy(() -> new PointDataset(new float[3], 2))
        .hasMessageContaining("3 numbers are no points of dimension 2");
    assertThatThrownBy(() -> FIVE.batches(2, Augmentation.HORIZONTAL_FLIP, SEED, 0))
        .hasMessageContaining("allowed for points: NONE");
    assertThatThrownBy(() -> FIVE.batches(0, Augmentation.NONE, SEED, 0))
        .hasMessageContaining("batch size is 0");
  }

  private static float[] next(Batches batches) throws IOException {
    try (Scope scope = Scope.open()) {
      Examples examples = batches.next();
      assertThat(examples.labels()).isEmpty();
      return examples.x0().toFloats();
    }
  }

  private static float[] sorted(float[] values) {
    float[] copy = values.clone();
    Arrays.sort(copy);
    return copy;
  }
}
