package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.FeatureExtraction.Share;
import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.InMemoryDataset;
import io.github.diffusion4j.data.NpyFile;
import io.github.diffusion4j.data.PixelRange;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.data.SubsetDataset;
import io.github.diffusion4j.evaluation.DigitFeatureNet;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.Features;
import io.github.diffusion4j.evaluation.FrechetDistance;
import io.github.diffusion4j.evaluation.Memorization;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final int SAMPLES = 2300;
  private static final int BATCH = 150;
  private static final Set<Metric> FAST = EnumSet.of(Metric.FD, Metric.KID, Metric.IS);

  @TempDir Path folder;

  private DigitFeatureNet net;
  private ImageDataset digits;

  @BeforeEach
  void open() throws IOException {
    net = DigitFeatureNet.embedded();
    digits = EmbeddedDigits.load();
  }

  @AfterEach
  void close() {
    net.close();
  }

  /** Draws digits with noise on them; stops as if killed when its patience ends. */
  private final class Noisy implements ImageGenerator {
    private int drawn;
    private int patience = Integer.MAX_VALUE;

    @Override
    public ImageShape shape() {
      return digits.shape();
    }

    @Override
    public long parameters() {
      return 0;
    }

    @Override
    public Tensor draw(long first, int count, Seed seed) {
      if (drawn + count > patience) {
        throw new IllegalStateException("killed");
      }
      drawn += count;
      List<Tensor> images = new ArrayList<>();
      byte[] one = new byte[digits.shape().pixels()];
      for (long i = first; i < first + count; i++) {
        try {
          digits.read((int) i, one, 0);
        } catch (IOException e) {
          throw new AssertionError(e);
        }
        Tensor noise = seed.derive(i).normal(1, 28, 28).times(0.5);
        images.add(Tensor.of(PixelRange.toModel(one), 1, 28, 28).plus(noise).clamp(-1, 1));
      }
      return Tensor.stack(images, 0);
    }

    @Override
    public void close() {}
  }

  @Test
  void measure_killedAndBegunAgain_goesOnAndGivesTheSameNumbers() throws IOException {
    EvaluationReport expected = measure("whole", new Noisy());

    Noisy killed = new Noisy();
    killed.patience = 1700;
    assertThatThrownBy(() -> measure("cut", killed)).hasMessage("killed");
    Noisy again = new Noisy();
    EvaluationReport resumed = measure("cut", again);

    assertThat(resumed).isEqualTo(expected);
    assertThat(again.drawn).isEqualTo(SAMPLES - FeatureCache.PART);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void prepare_inShares_givesTheSameNumbersWithoutDrawingAgain() throws IOException {
    EvaluationReport expected = measure("whole", new Noisy());

    for (int share = 1; share <= 2; share++) {
      evaluation("shared").prepare(drawn(new Noisy(), 5), FAST, new Share(share, 2));
    }
    Noisy last = new Noisy();

    assertThat(measure("shared", last)).isEqualTo(expected);
    assertThat(last.drawn).isZero();
  }

  /** Drafts of processes that were killed long ago go when the next part is written. */
  @Test
  void measure_oldDrafts_areRemovedAndYoungOnesStay() throws IOException {
    measure("drafts", new Noisy());
    Path part;
    try (Stream<Path> all = Files.walk(folder.resolve("drafts"))) {
      part = all.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    Path old = Files.writeString(part.resolveSibling(".a.1.part"), "half");
    Path young = Files.writeString(part.resolveSibling(".b.2.part"), "half");
    Files.setLastModifiedTime(old, FileTime.fromMillis(0));
    Files.delete(part);
    measure("drafts", new Noisy());

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(part).isRegularFile();
  }

  @Test
  void measure_otherSeed_drawsOtherImages() throws IOException {
    Noisy generator = new Noisy();
    measure("one", generator);
    evaluation("one").measure(drawn(generator, 6), Optional.of(real(500)), FAST, 0);

    assertThat(generator.drawn).isEqualTo(2 * SAMPLES);
  }

  /** The features that go into the distance are those of the images themselves. */
  @Test
  void measure_storedImages_haveTheDistanceOfTheirFeatures() throws IOException {
    ImageSource some = stored(0, 300);
    ImageSource others = stored(5000, 400);
    EvaluationReport report =
        evaluation("stored")
            .measure(
                some,
                Optional.of(new Known(others, Optional.empty())),
                EnumSet.of(Metric.FD, Metric.FD_INF, Metric.PR, Metric.DC),
                0);

    try (Scope scope = Scope.open()) {
      double expected =
          FrechetDistance.between(Features.of(features(some)), Features.of(features(others)));
      EvaluationReport.Row row = report.row("FD-digits").orElseThrow();
      assertThat(row.value()).isCloseTo(expected, within(1e-3 * expected));
      assertThat(row.interval().orElseThrow().holds(row.value())).isTrue();
    }
    assertThat(report.rows().stream().map(EvaluationReport.Row::metric))
        .containsExactly(
            "FD-digits", "precision", "recall", "density", "coverage", "FD-digits at infinity");
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void measure_fewSamples_warns() throws IOException {
    EvaluationReport report =
        evaluation("few").measure(stored(0, 50), Optional.of(real(100)), Set.of(Metric.FD), 0);

    assertThat(report.warnings())
        .singleElement()
        .asString()
        .startsWith("samples: 50 samples of 64 features: the covariance is singular");
  }

  /**
   * Copies of training images are found, among features and among pixels; honest images are not.
   */
  @Test
  void measure_memorization_findsCopies() throws IOException {
    ImageSource training = stored(0, 400);
    ImageSource heldOut = stored(400, 300);
    RealImages real = new Known(training, Optional.of(heldOut));
    Evaluation evaluation = evaluation("memory");
    EvaluationReport copies =
        evaluation.measure(stored(0, 100), Optional.of(real), Set.of(Metric.MEMORIZATION), 0);
    EvaluationReport honest =
        evaluation.measure(stored(700, 100), Optional.of(real), Set.of(Metric.MEMORIZATION), 0);

    for (String eye : List.of("digits", "pixels")) {
      String share = "%s to training / to held-out (%s), share < " + Memorization.CLOSE;
      assertThat(copies.row(share.formatted("samples", eye)).orElseThrow().value()).isEqualTo(1);
      assertThat(honest.row(share.formatted("samples", eye)).orElseThrow().value()).isLessThan(0.1);
      assertThat(honest.row(share.formatted("held-out images", eye)).orElseThrow().value())
          .isLessThan(0.1);
    }
  }

  @Test
  void measure_statisticsFile_givesTheDistanceOfTheImages() throws IOException {
    Evaluation evaluation = evaluation("statistics");
    ImageSource reference = stored(1000, 500);
    Path file = folder.resolve("reference.npz");
    StatisticsFile.write(file, evaluation.statistics(reference));
    RealImages summarized =
        new RealData(noData(), Progress.NONE)
            .open(file.toString(), Optional.empty(), Optional.empty());

    double ofFile = distance(evaluation, summarized);
    assertThat(ofFile).isEqualTo(distance(evaluation, new Known(reference, Optional.empty())));
    assertThatThrownBy(
            () ->
                evaluation.measure(
                    stored(0, 200), Optional.of(summarized), EnumSet.of(Metric.KID), 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--metrics has kid, which needs the real images themselves");
  }

  @Test
  void measure_withoutWhatAMetricNeeds_isRefused() {
    Evaluation evaluation = evaluation("refused");
    assertThatThrownBy(
            () -> evaluation.measure(stored(0, 200), Optional.empty(), Set.of(Metric.FD), 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--metrics has fd, which compares with real images");
    assertThatThrownBy(
            () -> evaluation.measure(stored(0, 200), Optional.of(real(9)), Set.of(Metric.SFID), 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("digits has no features with places");
    assertThatThrownBy(
            () ->
                evaluation.measure(
                    stored(0, 200), Optional.of(real(9)), Set.of(Metric.MEMORIZATION), 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--held-out");
    assertThatThrownBy(
            () -> evaluation.measure(stored(0, 200), Optional.of(real(3)), Set.of(Metric.PR), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Nothing is drawn for a network that cannot see the images. */
  @Test
  void measure_imagesOfAnotherShape_areRefusedBeforeTheFirst() {
    ImageDataset colored = InMemoryDataset.of(new ImageShape(3, 28, 28), new byte[3 * 3 * 784]);
    ImageSource source = new StoredImages(colored, "colored");
    assertThatThrownBy(
            () -> evaluation("colored").measure(source, Optional.empty(), Set.of(Metric.IS), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed for the digit classifier: [N, 1, 28, 28]");
    assertThat(folder.resolve("colored")).doesNotExist();
  }

  @Test
  void sampleFiles_folderAndArrays_giveTheSameImages() throws IOException {
    byte[] pixels = stored(0, 20).pixels(0, 20);
    NpyFile.write(folder.resolve("planar.npy"), pixels, 20, 1, 28, 28);
    NpyFile.write(folder.resolve("plain.npy"), pixels, 20, 28, 28);
    NpyFile.write(folder.resolve("last.npy"), pixels, 20, 28, 28, 1);
    try (Scope scope = Scope.open()) {
      SavedSamples.to(folder.resolve("pictures"))
          .write(Tensor.of(PixelRange.toModel(pixels), 20, 1, 28, 28));
    }

    for (String name : List.of("planar.npy", "plain.npy", "last.npy", "pictures")) {
      ImageDataset opened = SampleFiles.open(folder.resolve(name), Progress.NONE);
      assertThat(new StoredImages(opened, name).pixels(0, 20)).as(name).isEqualTo(pixels);
    }
  }

  @Test
  void sampleFiles_whatIsNoSetOfImages_isRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> SampleFiles.open(empty, Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty has no image; 0 files of other kinds");

    Path mixed = folder.resolve("mixed");
    try (Scope scope = Scope.open()) {
      SavedSamples.to(mixed).write(Tensor.zeros(1, 1, 28, 28));
      SavedSamples.to(folder.resolve("wide")).write(Tensor.zeros(1, 1, 28, 30));
    }
    Files.copy(folder.resolve("wide/000000.png"), mixed.resolve("000001.png"));
    assertThatThrownBy(() -> SampleFiles.open(mixed, Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "image 000001.png: it is [3, 28, 30], the first image is [3, 28, 28]; allowed: images of one shape");

    Path floats = folder.resolve("floats.npy");
    NpyFile.write(floats, new float[784], 1, 1, 28, 28);
    assertThatThrownBy(() -> SampleFiles.open(floats, Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds F32[1, 1, 28, 28]; allowed: U8[N, H, W, C]");
    assertThatThrownBy(() -> SampleFiles.open(folder.resolve("no.zip"), Progress.NONE))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("does not exist");
    Path text = Files.writeString(folder.resolve("a.txt"), "");
    assertThatThrownBy(() -> SampleFiles.open(text, Progress.NONE))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("allowed: a folder, .zip, .npz or .npy");
  }

  @Test
  void extraction_manyImages_leavesNoNativeMemoryBehind() throws IOException {
    ImageSource few = stored(0, 500);
    evaluation("warm").measure(few, Optional.of(real(500)), FAST, 0);
    long before = LiveObjects.settled();
    evaluation("cold").measure(stored(0, 2000), Optional.of(real(600)), FAST, 0);

    assertThat(LiveObjects.settled()).isEqualTo(before);
  }

  /** A network that sees only NaN is refused with the image and the feature. */
  @Test
  void measure_featuresThatAreNoNumbers_areRefused() {
    FeatureNet broken =
        new FeatureNet() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public String fingerprint() {
            return "broken";
          }

          @Override
          public int dimension() {
            return 2;
          }

          @Override
          public int classes() {
            return 0;
          }

          @Override
          public Answers of(Tensor images) {
            Tensor nothing = Tensor.full(Double.NaN, images.size(0), 2);
            return new Answers(nothing, Tensor.zeros(images.size(0), 0), Optional.empty());
          }

          @Override
          public void close() {}
        };
    Evaluation evaluation =
        new Evaluation(
            broken, new FeatureExtraction(new FeatureCache(folder.resolve("nan")), Progress.NONE));

    assertThatThrownBy(
            () -> evaluation.measure(stored(0, 5), Optional.of(real(9)), Set.of(Metric.FD), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("broken of digits: feature 0 of sample 0 (from 0 on) is NaN");
  }

  private EvaluationReport measure(String cache, Noisy generator) throws IOException {
    return evaluation(cache).measure(drawn(generator, 5), Optional.of(real(500)), FAST, 0);
  }

  private static GeneratedImages drawn(ImageGenerator generator, long seed) {
    return new GeneratedImages(generator, "weights", SAMPLES, seed, BATCH);
  }

  private double distance(Evaluation evaluation, RealImages real) throws IOException {
    return evaluation
        .measure(stored(0, 200), Optional.of(real), Set.of(Metric.FD), 0)
        .row("FD-digits")
        .orElseThrow()
        .value();
  }

  private Evaluation evaluation(String cache) {
    return new Evaluation(
        net, new FeatureExtraction(new FeatureCache(folder.resolve(cache)), Progress.NONE));
  }

  private RealImages real(int count) {
    return new Known(stored(4000, count), Optional.empty());
  }

  private ImageSource stored(int first, int count) {
    return new StoredImages(new SubsetDataset(digits, first, count), "digits");
  }

  private Tensor features(ImageSource source) throws IOException {
    byte[] pixels = source.pixels(0, source.size());
    float[] values = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      values[i] = Byte.toUnsignedInt(pixels[i]);
    }
    return net.of(Tensor.of(values, source.size(), 1, 28, 28)).features();
  }

  private static Datasets noData() {
    return new Datasets(Optional.empty(), Progress.NONE);
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.getFileName().toString().endsWith(".part")).toList();
    }
  }
}
