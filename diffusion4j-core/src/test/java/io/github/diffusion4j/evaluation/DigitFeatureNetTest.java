package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.evaluation.FeatureNet.Answers;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerics")
class DigitFeatureNetTest {
  @Test
  void of_grayLevels_answersAsTheClassifierOnItsOwnRange() {
    try (FeatureNet net = DigitFeatureNet.embedded();
        DigitJudge judge = DigitJudge.embedded();
        NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor levels = levels(300, 1); // more than one batch
      Tensor features = judge.classifier().features(levels.dividedBy(127.5).minus(1));
      Tensor logits = judge.classifier().logits(features);

      Answers answers = net.of(levels);

      assertThat(answers.features().shape()).containsExactly(300, net.dimension());
      assertThat(answers.logits().shape()).containsExactly(300, net.classes());
      assertThat(
              answers.features().minus(features).abs().sum().item() / features.abs().sum().item())
          .isCloseTo(0, within(1e-5));
      assertThat(answers.logits().minus(logits).abs().sum().item() / logits.abs().sum().item())
          .isCloseTo(0, within(1e-5));
      assertThat(answers.spatial()).isEmpty();
    }
  }

  @Test
  void of_manyBatches_keepsAnswersOnly() {
    try (FeatureNet net = DigitFeatureNet.embedded();
        Scope scope = Scope.open()) {
      Tensor levels = levels(600, 1);
      net.of(levels);
      long before = LiveObjects.settled();
      net.of(levels);

      assertThat(LiveObjects.settled() - before).isEqualTo(2);
    }
  }

  @Test
  void of_otherShapes_areRefused() {
    try (FeatureNet net = DigitFeatureNet.embedded();
        Scope scope = Scope.open()) {
      assertThatThrownBy(() -> net.of(levels(2, 3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "images are F32[2, 3, 28, 28]; allowed for the digit classifier: [N, 1, 28, 28]");
      assertThatThrownBy(() -> net.of(Tensor.zeros(0, 1, 28, 28)))
          .hasMessageContaining("allowed: [N, C, H, W] with N from 1 on");
    }
  }

  @Test
  void fingerprint_ofTheSameNet_isTheSame() {
    try (FeatureNet one = DigitFeatureNet.embedded();
        FeatureNet other = DigitFeatureNet.embedded()) {
      assertThat(one.fingerprint()).matches("[0-9a-f]{64}").isEqualTo(other.fingerprint());
      assertThat(one.name()).isEqualTo("digits");
      assertThat(one.distanceName()).isEqualTo("FD-digits");
    }
  }

  private static Tensor levels(int count, int channels) {
    Tensor uniform = Seed.of(3).uniform(count, channels, 28, 28);
    return Tensor.of(floor(uniform.times(256).toFloats()), count, channels, 28, 28);
  }

  private static float[] floor(float[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Math.floor(numbers[i]);
    }
    return numbers;
  }
}
