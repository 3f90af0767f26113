package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchLoaderTest {
  private static final Seed SEED = Seed.of(42);

  @Test
  void next_overOneEpoch_showsEveryImageOnce() throws Exception {
    List<Integer> shown = shown(TestImages.numbered(20), 5, 8);

    assertThat(shown.subList(0, 20)).containsExactlyInAnyOrderElementsOf(range(20));
    assertThat(shown.subList(20, 40)).containsExactlyInAnyOrderElementsOf(range(20));
    assertThat(shown.subList(0, 20)).isNotEqualTo(shown.subList(20, 40));
  }

  @Test
  void next_atTheEndOfAnEpoch_continuesIntoTheNext() throws Exception {
    List<Integer> shown = shown(TestImages.numbered(10), 4, 5);

    assertThat(shown).hasSize(20);
    assertThat(shown.subList(0, 10)).containsExactlyInAnyOrderElementsOf(range(10));
    assertThat(shown.subList(10, 20)).containsExactlyInAnyOrderElementsOf(range(10));
  }

  @Test
  void next_batchLargerThanTheData_isFull() throws Exception {
    List<Integer> shown = shown(TestImages.numbered(3), 50, 1);

    assertThat(shown).hasSize(50);
    for (int epoch = 0; epoch < 16; epoch++) {
      assertThat(shown.subList(3 * epoch, 3 * epoch + 3)).containsExactlyInAnyOrder(0, 1, 2);
    }
  }

  @Test
  void next_startedLater_returnsTheSameBatches() throws Exception {
    ImageDataset data = TestImages.numbered(11);
    Augmentation flip = Augmentation.HORIZONTAL_FLIP;
    try (BatchLoader whole = new BatchLoader(data, 4, flip, SEED, 0);
        BatchLoader resumed = new BatchLoader(data, 4, flip, SEED, 37)) {
      for (int step = 0; step < 37; step++) {
        whole.next();
      }
      for (int step = 0; step < 20; step++) {
        Batch expected = whole.next();
        Batch batch = resumed.next();
        assertThat(batch.pixels()).isEqualTo(expected.pixels());
        assertThat(batch.classes()).isEqualTo(expected.classes());
      }
    }
  }

  @Test
  void next_otherSeed_returnsAnotherOrder() throws Exception {
    ImageDataset data = TestImages.numbered(50);
    try (BatchLoader one = new BatchLoader(data, 50, Augmentation.NONE, SEED, 0);
        BatchLoader other = new BatchLoader(data, 50, Augmentation.NONE, Seed.of(43), 0)) {
      assertThat(one.next().pixels()).isNotEqualTo(other.next().pixels());
    }
  }

  @Test
  void next_labels_belongToTheImages() throws Exception {
    ImageDataset data = TestImages.numbered(40);
    try (BatchLoader loader = new BatchLoader(data, 8, Augmentation.NONE, SEED, 0)) {
      for (int step = 0; step < 10; step++) {
        Batch batch = loader.next();
        for (int i = 0; i < 8; i++) {
          int image = PixelRange.toByte(batch.pixels()[6 * i]);
          assertThat(batch.classes()[i]).isEqualTo(image % 4);
        }
      }
    }
  }

  @Test
  void next_withFlips_flipsAboutHalfAndKeepsTheImagesWhole() throws Exception {
    ImageDataset data = TestImages.numbered(100);
    int flipped = 0;
    try (BatchLoader plain = new BatchLoader(data, 100, Augmentation.NONE, SEED, 0);
        BatchLoader flips = new BatchLoader(data, 100, Augmentation.HORIZONTAL_FLIP, SEED, 0)) {
      for (int step = 0; step < 20; step++) {
        float[] expected = plain.next().pixels();
        float[] found = flips.next().pixels();
        for (int row = 0; row < 200; row++) {
          boolean isFlipped = found[3 * row] == 1f;
          flipped += isFlipped ? 1 : 0;
          assertThat(found[3 * row + (isFlipped ? 2 : 0)]).isEqualTo(expected[3 * row]);
          assertThat(found[3 * row + 1]).isEqualTo(expected[3 * row + 1]);
        }
      }
    }

    // 2,000 fair coins: the standard deviation is 22
    assertThat(flipped / 2).isBetween(1000 - 90, 1000 + 90);
  }

  @Test
  void tensors_ofABatch_haveTheDeclaredShapes() throws Exception {
    try (Scope scope = Scope.open();
        BatchLoader loader =
            new BatchLoader(TestImages.numbered(9), 4, Augmentation.NONE, SEED, 0)) {
      Batch batch = loader.next();

      assertThat(batch.x0().shape()).containsExactly(4, 1, 2, 3);
      assertThat(batch.x0().toFloats()).isEqualTo(batch.pixels());
      assertThat(batch.labels().orElseThrow().toLongs()).isEqualTo(batch.classes());
    }
  }

  @Test
  void next_imageCannotBeRead_throwsWithTheCause() {
    IOException cause = new IOException("disk on fire: cat.png");
    ImageDataset data = failing(10, cause);
    try (BatchLoader loader = new BatchLoader(data, 10, Augmentation.NONE, SEED, 0)) {
      assertThatThrownBy(loader::next)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("disk on fire: cat.png")
          .hasCause(cause);
      assertThatThrownBy(loader::next).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void next_backgroundBug_throwsWithTheCause() {
    RuntimeException cause = new IllegalStateException();
    ImageDataset data = failing(2, cause);
    try (BatchLoader loader = new BatchLoader(data, 2, Augmentation.NONE, SEED, 0)) {
      assertThatThrownBy(loader::next)
          .hasMessageContaining("IllegalStateException")
          .hasCause(cause);
    }
  }

  @Test
  void next_dataWithoutClasses_hasNoLabels() throws Exception {
    ImageDataset data = InMemoryDataset.of(new ImageShape(1, 1, 1), new byte[] {1, 2, 3});
    try (BatchLoader loader = new BatchLoader(data, 2, Augmentation.NONE, SEED, 0)) {
      assertThat(loader.next().labels()).isEmpty();
    }
  }

  @Test
  void close_whileReading_stopsTheThreads() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    ImageDataset slow =
        new TestImages.Watched(
            5,
            index -> {
              reading.countDown();
              try {
                Thread.sleep(Duration.ofHours(1).toMillis());
              } catch (InterruptedException e) {
                stopped.countDown();
                throw new IOException("interrupted", e);
              }
            });
    BatchLoader loader = new BatchLoader(slow, 1, Augmentation.NONE, SEED, 0);
    reading.await();

    loader.close();

    assertThat(stopped.await(1, TimeUnit.MINUTES)).isTrue();
    assertThatThrownBy(loader::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void constructor_badNumbers_areNamed() {
    ImageDataset data = TestImages.numbered(2);
    assertThatThrownBy(() -> new BatchLoader(data, 0, Augmentation.NONE, SEED, 0))
        .hasMessageContaining("batch size is 0");
    assertThatThrownBy(() -> new BatchLoader(data, 1, Augmentation.NONE, SEED, -1))
        .hasMessageContaining("first step is -1");
  }

  private static ImageDataset failing(int size, Exception cause) {
    return new TestImages.Watched(
        size,
        index -> {
          if (index == 1 && cause instanceof IOException io) {
            throw io;
          }
          if (index == 1) {
            throw (RuntimeException) cause;
          }
        });
  }

  private static List<Integer> shown(ImageDataset data, int batchSize, int steps)
      throws IOException {
    List<Integer> shown = new ArrayList<>();
    try (BatchLoader loader = new BatchLoader(data, batchSize, Augmentation.NONE, SEED, 0)) {
      for (int step = 0; step < steps; step++) {
        float[] pixels = loader.next().pixels();
        for (int i = 0; i < batchSize; i++) {
          shown.add((int) PixelRange.toByte(pixels[6 * i]));
        }
      }
    }
    return shown;
  }

  private static List<Integer> range(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
