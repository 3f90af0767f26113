package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.FeatureExtraction.Share;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
  private static final int SAMPLES = 2300;
  private static final int BATCH = 150;
  private static final Set<Metric> FAST = EnumSet.of(Metric.FD, Metric.KID, Metric.IS);

  @TempDir Path folder;

  private EvaluationScene scene;

  @BeforeEach
  void open() throws IOException {
    scene = EvaluationScene.in(folder);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void measure_killedAndBegunAgain_goesOnAndGivesTheSameNumbers() throws IOException {
    EvaluationReport expected = measure("whole", generator());

    NoisyDigits killed = generator();
    killed.patience = 1700;
    assertThatThrownBy(() -> measure("cut", killed)).hasMessage("killed");
    NoisyDigits again = generator();
    EvaluationReport resumed = measure("cut", again);

    assertThat(resumed).isEqualTo(expected);
    assertThat(again.drawn).isEqualTo(SAMPLES - FeatureCache.PART);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void prepare_inShares_givesTheSameNumbersWithoutDrawingAgain() throws IOException {
    EvaluationReport expected = measure("whole", generator());

    for (int share = 1; share <= 2; share++) {
      scene
          .evaluation("shared")
          .prepare(drawn(generator(), 5), Optional.empty(), FAST, new Share(share, 2));
    }
    NoisyDigits last = generator();

    assertThat(measure("shared", last)).isEqualTo(expected);
    assertThat(last.drawn).isZero();
  }

  /** Drafts of processes that were killed long ago go when the next part is written. */
  @Test
  void measure_oldDrafts_areRemovedAndYoungOnesStay() throws IOException {
    measure("drafts", generator());
    Path part;
    try (Stream<Path> all = Files.walk(folder.resolve("drafts"))) {
      part = all.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    Path old = Files.writeString(part.resolveSibling(".a.1.part"), "half");
    Path young = Files.writeString(part.resolveSibling(".b.2.part"), "half");
    Files.setLastModifiedTime(old, FileTime.fromMillis(0));
    Files.delete(part);
    measure("drafts", generator());

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(part).isRegularFile();
  }

  @Test
  void measure_otherSeed_drawsOtherImages() throws IOException {
    NoisyDigits generator = generator();
    measure("one", generator);
    scene.evaluation("one").measure(drawn(generator, 6), Optional.of(scene.real(500)), FAST, 0);

    assertThat(generator.drawn).isEqualTo(2 * SAMPLES);
  }

  private EvaluationReport measure(String cache, NoisyDigits generator) throws IOException {
    return scene
        .evaluation(cache)
        .measure(drawn(generator, 5), Optional.of(scene.real(500)), FAST, 0);
  }

  private NoisyDigits generator() {
    return new NoisyDigits(scene.digits());
  }

  private static GeneratedImages drawn(ImageGenerator generator, long seed) {
    return new GeneratedImages(generator, "weights", SAMPLES, seed, BATCH);
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.getFileName().toString().endsWith(".part")).toList();
    }
  }
}
