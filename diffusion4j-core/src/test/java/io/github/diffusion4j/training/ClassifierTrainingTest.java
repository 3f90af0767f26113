package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.InMemoryDataset;
import io.github.diffusion4j.nn.DigitClassifier;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.ClassifierTraining.Recipe;
import io.github.diffusion4j.training.ClassifierTraining.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassifierTrainingTest {
  private static final Recipe FIVE_STEPS = new Recipe(1, 100, 2e-3, 2);

  private static LabeledDigits digits;

  @BeforeAll
  static void read() throws IOException {
    digits = LabeledDigits.read(TestDigits.load());
  }

  @Test
  void train_sameSeed_givesSameBits() {
    List<Double> losses = new ArrayList<>();
    List<Double> lossesAgain = new ArrayList<>();

    List<byte[]> first = train(FIVE_STEPS, 1, losses);
    List<byte[]> again = train(FIVE_STEPS, 1, lossesAgain);

    assertThat(losses).hasSize(5).isEqualTo(lossesAgain);
    assertThat(again).usingRecursiveComparison().isEqualTo(first);
  }

  @Test
  void train_otherSeed_givesOtherParameters() {
    byte[] one = train(FIVE_STEPS, 1, new ArrayList<>()).get(0);
    byte[] two = train(FIVE_STEPS, 2, new ArrayList<>()).get(0);

    assertThat(two).isNotEqualTo(one);
  }

  @Test
  void train_fewImagesForLong_learnsThem() {
    List<Double> losses = new ArrayList<>();
    Result result =
        ClassifierTraining.train(
            digits,
            digits,
            new Recipe(10, 50, 4e-3, 10),
            Seed.of(0),
            progress -> losses.add(progress.loss()));
    result.classifier().close();

    assertThat(mean(losses.subList(losses.size() - 20, losses.size())))
        .isLessThan(0.6 * mean(losses.subList(0, 20)));
    assertThat(result.testAccuracy()).isGreaterThan(0.8);
  }

  @Test
  void train_manySteps_leavesNoNativeObjects() {
    List<Long> live = new ArrayList<>();
    LiveObjects.settled();
    Recipe recipe = new Recipe(2, 50, 1e-3, 1);
    ClassifierTraining.train(
            digits, digits, recipe, Seed.of(0), progress -> live.add(Scope.liveObjects()))
        .classifier()
        .close();

    assertThat(live.get(live.size() - 1)).isEqualTo(live.get(3));
  }

  @Test
  void train_lessThanOneBatch_isRefused() {
    assertThatThrownBy(
            () ->
                ClassifierTraining.train(
                    digits, digits, new Recipe(1, 501, 1e-3, 1), Seed.of(0), progress -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("500 images; allowed: at least one batch of 501");
  }

  @Test
  void recipe_noEpochs_isRefused() {
    assertThatThrownBy(() -> new Recipe(0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epochs is 0; allowed: at least 1");
  }

  @Test
  void read_otherShape_isRefused() {
    InMemoryDataset small = InMemoryDataset.of(new ImageShape(1, 8, 8), new byte[64]);
    assertThatThrownBy(() -> LabeledDigits.read(small))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("allowed: [1, 28, 28]");
  }

  @Test
  void read_noLabels_isRefused() {
    InMemoryDataset unlabeled = InMemoryDataset.of(new ImageShape(1, 28, 28), new byte[784]);
    assertThatThrownBy(() -> LabeledDigits.read(unlabeled))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("image 0 has no label; allowed: a label from 0 to 9");
  }

  @Test
  void batches_wholeSet_areTheImagesInOrder() {
    try (Scope scope = Scope.open()) {
      List<Tensor> batches = new ArrayList<>();
      digits.batches().forEach(batches::add);

      assertThat(Tensor.cat(batches, 0).toFloats())
          .isEqualTo(digits.images(0, digits.size()).toFloats());
    }
  }

  private static List<byte[]> train(Recipe recipe, long seed, List<Double> losses) {
    try (DigitClassifier classifier =
        ClassifierTraining.train(
                digits, digits, recipe, Seed.of(seed), progress -> losses.add(progress.loss()))
            .classifier()) {
      return classifier.parameters().values().stream().map(Tensor::toBytes).toList();
    }
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
