package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.FeatureExtraction.Share;
import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.RealImages.Summarized;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.InMemoryDataset;
import io.github.diffusion4j.evaluation.GaussianStatistics;
import io.github.diffusion4j.evaluation.ReferenceStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be known before the first image is drawn is refused before: nothing draws here. */
class RequirementsTest {
  @TempDir Path folder;

  private EvaluationScene scene;
  private NoisyDigits generator;

  @BeforeEach
  void open() throws IOException {
    scene = EvaluationScene.in(folder);
    generator = new NoisyDigits(scene.digits());
  }

  @AfterEach
  void close() {
    scene.close();
    assertThat(generator.drawn).isZero();
  }

  @Test
  void measure_withoutRealImages_isRefusedWhereTheyAreNeeded() {
    refused(scene.evaluation("a"), Metric.FD, Optional.empty())
        .hasMessageContaining("--metrics has fd, which compares with real images");
  }

  @Test
  void measure_statisticsWhereImagesAreNeeded_areRefused() {
    refused(scene.evaluation("a"), Metric.KID, Optional.of(statistics(64, 0)))
        .hasMessageContaining("--metrics has kid, which needs the real images themselves");
  }

  @Test
  void measure_statisticsOfAnotherDimension_areRefused() {
    refused(scene.evaluation("a"), Metric.FD, Optional.of(statistics(3, 0)))
        .hasMessage(
            "--data is file.npz, statistics of 3 features; allowed for the network digits: 64");
    refused(
            scene.evaluation(new ConstantNet(2, 5, 1), "a"),
            Metric.SFID,
            Optional.of(statistics(2, 4)))
        .hasMessage(
            "--data is file.npz, statistics of 4 features with places; allowed for the network constant: 5");
  }

  @Test
  void measure_placesThatNobodyKnows_areRefused() {
    refused(scene.evaluation("a"), Metric.SFID, Optional.of(scene.real(9)))
        .hasMessageContaining("digits has no features with places; allowed: inception-* from a");
    refused(
            scene.evaluation(new ConstantNet(2, 5, 1), "a"),
            Metric.SFID,
            Optional.of(statistics(2, 0)))
        .hasMessageContaining("the statistics in file.npz have no mu_s and sigma_s");
  }

  @Test
  void measure_imagesOfAnotherShape_areRefused() {
    RealImages colored = new Known(images(3, 28, 50), Optional.empty());
    refused(scene.evaluation("a"), Metric.FD, Optional.of(colored))
        .hasMessageStartingWith("real images (painted): images are ")
        .hasMessageEndingWith("allowed for the digit classifier: [N, 1, 28, 28]");
    assertThatThrownBy(
            () ->
                scene
                    .evaluation("a")
                    .measure(images(3, 28, 50), Optional.empty(), Set.of(Metric.IS), 0))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("samples (painted): images are ");
  }

  @Test
  void measure_memorization_isRefusedWhereNothingCanBeCompared() {
    Evaluation evaluation = scene.evaluation(new ConstantNet(2, 0, 1), "a");
    refused(evaluation, Metric.MEMORIZATION, Optional.of(scene.real(9)))
        .hasMessageContaining("--held-out");
    refused(
            evaluation,
            Metric.MEMORIZATION,
            Optional.of(new Known(images(1, 32, 9), Optional.of(images(1, 28, 9)))))
        .hasMessage(
            "--metrics has memorization, which compares pixels, but the samples are [1, 28, 28] and the real images [1, 32, 32]; allowed: the same");
    refused(
            evaluation,
            Metric.MEMORIZATION,
            Optional.of(new Known(images(1, 28, 9), Optional.of(images(1, 28, 1)))))
        .hasMessageContaining("there are 1 held-out images; allowed: 2 or more");
  }

  /** So many are enough, and one less is refused. */
  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"SFID", "MEMORIZATION"},
      mode = EnumSource.Mode.EXCLUDE)
  void measure_asFewAsMayBe_givesNumbers(Metric metric) {
    Evaluation evaluation = scene.evaluation("few");
    int least = metric == Metric.FD_INF ? 2 * 65 : metric.leastSamples(); // of 64 features
    RealImages real = scene.real(Math.max(1, metric.leastReal()));

    assertThatCode(
            () ->
                evaluation.measure(
                    scene.stored(0, least), Optional.of(real), EnumSet.of(metric), 0))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                evaluation.measure(
                    scene.stored(0, least - 1), Optional.of(real), EnumSet.of(metric), 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there are %d samples; allowed: %d or more", least - 1, least);
    if (metric.leastReal() > 0) {
      RealImages fewer = scene.real(metric.leastReal() - 1);
      refused(evaluation, metric, Optional.of(fewer))
          .hasMessageContaining("real images; allowed: %d or more", metric.leastReal());
    }
  }

  @Test
  void prepare_whatCannotBeMeasured_isRefusedToo() {
    Evaluation evaluation = scene.evaluation("a");
    for (Optional<RealImages> real :
        Set.of(Optional.<RealImages>empty(), Optional.<RealImages>of(scene.real(100)))) {
      assertThatThrownBy(() -> evaluation.prepare(drawn(), real, Set.of(Metric.SFID), Share.ALL))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("no features with places");
    }
    assertThatThrownBy(
            () ->
                evaluation.prepare(
                    drawn(), Optional.of(scene.real(9)), Set.of(Metric.KID), Share.ALL))
        .isInstanceOf(UserException.class)
        .hasMessage("--metrics has kid, but there are 9 real images; allowed: 20 or more");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(
      Evaluation evaluation, Metric metric, Optional<RealImages> real) {
    return assertThatThrownBy(() -> evaluation.measure(drawn(), real, EnumSet.of(metric), 0))
        .isInstanceOf(UserException.class);
  }

  private GeneratedImages drawn() {
    return new GeneratedImages(generator, "weights", 200, 0, 10);
  }

  private static ImageSource images(int channels, int size, int count) {
    ImageShape shape = new ImageShape(channels, size, size);
    return new StoredImages(InMemoryDataset.of(shape, new byte[count * shape.pixels()]), "painted");
  }

  /** Of normal features; {@code places} of those with places, 0 for none. */
  private static RealImages statistics(int dimension, int places) {
    return new Summarized(
        new ReferenceStatistics(
            normal(dimension), places == 0 ? Optional.empty() : Optional.of(normal(places))),
        "file.npz");
  }

  private static GaussianStatistics normal(int dimension) {
    double[] covariance = new double[dimension * dimension];
    for (int i = 0; i < dimension; i++) {
      covariance[i * dimension + i] = 1;
    }
    return GaussianStatistics.of(new double[dimension], covariance);
  }
}
