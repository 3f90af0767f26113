package io.github.diffusion4j.evaluation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.nn.DigitClassifier;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.ClassifierTraining;
import io.github.diffusion4j.training.LabeledDigits;
import io.github.diffusion4j.training.TestDigits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitJudgeTest {
  private static final int COUNT = 500;

  private static DigitJudge judge;
  private static LabeledDigits real;

  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    judge = DigitJudge.embedded();
    real = LabeledDigits.read(TestDigits.load());
  }

  @AfterAll
  static void free() {
    judge.close();
  }

  @Test
  void embedded_unseenDigits_areReadCorrectly() {
    assertThat(ClassifierTraining.accuracy(judge.classifier(), real)).isGreaterThanOrEqualTo(0.985);
  }

  @Test
  void embedded_fileAndParameters_areSmall() throws IOException {
    try (InputStream resource = DigitJudge.class.getResourceAsStream("digit-judge.safetensors")) {
      assertThat(resource.readAllBytes()).hasSizeLessThan(1_000_000);
    }
    assertThat(judge.classifier().parameterCount()).isLessThan(200_000);
  }

  @Test
  void score_realDigits_areCloseSureAndSpread() {
    try (Scope scope = Scope.open()) {
      DigitScore score = judge.score(real.images(0, COUNT));

      assertThat(score.frechetDistance()).isLessThan(20);
      assertThat(score.confidentShare()).isGreaterThan(0.93);
      assertThat(score.spread()).isGreaterThan(0.98);
      assertThat(score.samples()).isEqualTo(COUNT);
    }
  }

  @Test
  void score_noise_isFarAndUnsure() {
    try (Scope scope = Scope.open()) {
      DigitScore score = judge.score(Seed.of(1).normal(COUNT, 1, 28, 28).clamp(-1, 1));

      assertThat(score.frechetDistance()).isGreaterThan(500);
      assertThat(score.confidentShare()).isLessThan(0.02);
    }
  }

  @Test
  void score_emptyPaper_isFarAndUnsure() {
    try (Scope scope = Scope.open()) {
      DigitScore score = judge.score(Tensor.full(-1, 20, 1, 28, 28));

      assertThat(score.frechetDistance()).isGreaterThan(100);
      assertThat(score.confidentShare()).isZero();
    }
  }

  @Test
  void score_halvesOfDifferentImages_areFartherAndLessSureThanWholeOnes() {
    try (Scope scope = Scope.open()) {
      Tensor upper = real.images(0, 250).narrow(2, 0, 14);
      Tensor lower = real.images(250, 250).narrow(2, 14, 14);
      DigitScore halves = judge.score(Tensor.cat(List.of(upper, lower), 2));
      DigitScore whole = judge.score(real.images(0, 250));

      assertThat(halves.frechetDistance()).isGreaterThan(4 * whole.frechetDistance());
      assertThat(halves.confidentShare()).isLessThan(0.3);
    }
  }

  @Test
  void score_copiesOfOneDigit_haveNoSpread() {
    try (Scope scope = Scope.open()) {
      DigitScore score = judge.score(real.images(0, 1).expand(COUNT, 1, 28, 28));

      assertThat(score.spread()).isZero();
      assertThat(score.countPerDigit().get(real.label(0))).isEqualTo(COUNT);
      assertThat(score.frechetDistance()).isGreaterThan(100);
    }
  }

  @Test
  void score_anyImages_leavesNoNativeObjects() {
    try (Scope scope = Scope.open()) {
      Tensor images = real.images(0, COUNT);
      judge.score(images);
      long before = LiveObjects.settled();
      judge.score(images);
      assertThat(Scope.liveObjects()).isEqualTo(before);
    }
  }

  @Test
  void score_otherShape_isRefused() {
    try (Scope scope = Scope.open()) {
      Tensor images = Tensor.zeros(4, 3, 28, 28);
      assertThatThrownBy(() -> judge.score(images))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("images are F32[4, 3, 28, 28]; allowed: [N, 1, 28, 28]");
    }
  }

  @Test
  void of_tensorsFromFile_givesSameScore() throws IOException {
    Path file = folder.resolve("judge.safetensors");
    try (Scope scope = Scope.open()) {
      Safetensors.write(file, judge.tensors(), Map.of());
      Tensor images = real.images(0, 100);

      try (DigitJudge copy = DigitJudge.of(Safetensors.read(file))) {
        assertThat(copy.score(images)).isEqualTo(judge.score(images));
      }
    }
  }

  @Test
  void embedded_tensors_areThoseThatItsFileNames() throws Exception {
    Path file = Path.of(DigitJudge.class.getResource("digit-judge.safetensors").toURI());
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> named = Safetensors.read(file);
      Map<String, Tensor> embedded = judge.tensors();

      assertThat(embedded).hasSameSizeAs(named);
      named.forEach(
          (name, value) ->
              assertThat(requireNonNull(embedded.get(name)).toBytes())
                  .as(name)
                  .isEqualTo(value.toBytes()));
    }
  }

  @Test
  void fitted_sameImages_givesDistanceZero() {
    DigitClassifier classifier = new DigitClassifier(Seed.of(1));
    try (DigitJudge own = DigitJudge.fitted(classifier, real.batches());
        Scope scope = Scope.open()) {
      assertThat(own.score(real.images(0, COUNT)).frechetDistance()).isLessThan(1e-3);
    }
  }

  @Test
  void of_tensorsWithoutReference_isRefused() {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> other = Map.of("weight", Tensor.zeros(3));
      assertThatThrownBy(() -> DigitJudge.of(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("reference.mean and reference.covariance are needed");
    }
  }

  @Test
  void of_missingParameter_isRefused() {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> partial = new HashMap<>(judge.tensors());
      partial.remove("classifier.logits.bias");
      assertThatThrownBy(() -> DigitJudge.of(partial))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("missing parameters: logits.bias");
    }
  }
}
