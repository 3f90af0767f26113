package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.evaluation.Features;
import io.github.diffusion4j.evaluation.FrechetDistance;
import io.github.diffusion4j.evaluation.Memorization;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
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

  /** The features that go into the distance are those of the images themselves. */
  @Test
  void measure_storedImages_haveTheDistanceOfTheirFeatures() throws IOException {
    ImageSource some = scene.stored(0, 300);
    ImageSource others = scene.stored(5000, 400);
    EvaluationReport report =
        scene
            .evaluation("stored")
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
        scene
            .evaluation("few")
            .measure(scene.stored(0, 50), Optional.of(scene.real(100)), Set.of(Metric.FD), 0);

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
    ImageSource training = scene.stored(0, 400);
    ImageSource heldOut = scene.stored(400, 300);
    RealImages real = new Known(training, Optional.of(heldOut));
    Evaluation evaluation = scene.evaluation("memory");
    EvaluationReport copies =
        evaluation.measure(scene.stored(0, 100), Optional.of(real), Set.of(Metric.MEMORIZATION), 0);
    EvaluationReport honest =
        evaluation.measure(
            scene.stored(700, 100), Optional.of(real), Set.of(Metric.MEMORIZATION), 0);

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
    Evaluation evaluation = scene.evaluation("statistics");
    ImageSource reference = scene.stored(1000, 500);
    Path file = folder.resolve("reference.npz");
    StatisticsFile.write(file, evaluation.statistics(reference));
    RealImages summarized =
        new RealData(noData(), Progress.NONE)
            .open(file.toString(), Optional.empty(), Optional.empty());

    double ofFile = distance(evaluation, summarized);
    assertThat(ofFile).isEqualTo(distance(evaluation, new Known(reference, Optional.empty())));
  }

  @Test
  void extraction_manyImages_leavesNoNativeMemoryBehind() throws IOException {
    ImageSource few = scene.stored(0, 500);
    scene.evaluation("warm").measure(few, Optional.of(scene.real(500)), FAST, 0);
    long before = LiveObjects.settled();
    scene.evaluation("cold").measure(scene.stored(0, 2000), Optional.of(scene.real(600)), FAST, 0);

    assertThat(LiveObjects.settled()).isEqualTo(before);
  }

  /** A network that sees only NaN is refused with the image and the feature. */
  @Test
  void measure_featuresThatAreNoNumbers_areRefused() {
    Evaluation evaluation = scene.evaluation(new ConstantNet(2, 0, Double.NaN), "nan");

    assertThatThrownBy(
            () ->
                evaluation.measure(
                    scene.stored(0, 5), Optional.of(scene.real(9)), Set.of(Metric.FD), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("constant of digits: feature 0 of sample 0 (from 0 on) is NaN");
  }

  /** Reports read alike wherever they are made, and name all that went into the numbers. */
  @Test
  void measure_otherLocale_writesTheSame() throws IOException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      RealImages real = scene.real(1200);
      EvaluationReport report =
          scene
              .evaluation("locale")
              .measure(scene.stored(0, 1100), Optional.of(real), Set.of(Metric.KID), 0);

      assertThat(report.protocol())
          .hasToString(
              "digits of 1,100 images [1, 28, 28] (digits) against 1,200 images of digits; subsets by seed 0");
      assertThat(report.protocol().realFingerprint()).isEqualTo(real.fingerprint()).isPresent();
      assertThat(report.rows().get(0).how()).startsWith("100 subsets of 1000; ");
    } finally {
      Locale.setDefault(before);
    }
  }

  private double distance(Evaluation evaluation, RealImages real) throws IOException {
    return evaluation
        .measure(scene.stored(0, 200), Optional.of(real), Set.of(Metric.FD), 0)
        .row("FD-digits")
        .orElseThrow()
        .value();
  }

  private Tensor features(ImageSource source) throws IOException {
    byte[] pixels = source.pixels(0, source.size());
    float[] values = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      values[i] = Byte.toUnsignedInt(pixels[i]);
    }
    return scene.net().of(Tensor.of(values, source.size(), 1, 28, 28)).features();
  }

  private static Datasets noData() {
    return new Datasets(Optional.empty(), Progress.NONE);
  }
}
