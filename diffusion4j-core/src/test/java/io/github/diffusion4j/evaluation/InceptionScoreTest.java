package io.github.diffusion4j.evaluation;

import static io.github.diffusion4j.evaluation.GoldenMetrics.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class InceptionScoreTest {
  private Scope scope;

  @BeforeEach
  void openScope() {
    scope = Scope.open();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({
    "gauss200x10, 1", "gauss200x10, 5", "gauss200x10, 10",
    "uniform50x7, 1", "uniform50x7, 5", "uniform50x7, 10",
    "perfect100x10, 1", "perfect100x10, 5", "perfect100x10, 10"
  })
  void of_goldenLogits_equalsReference(String name, int splits) throws Exception {
    GoldenMetrics golden = GoldenMetrics.read();
    Spread ours = InceptionScore.of(golden.features("is/" + name + "/logits"), splits);

    JsonNode expected = golden.numbers("is", name, Integer.toString(splits));
    assertThat(ours.values()).hasSize(splits);
    for (int i = 0; i < splits; i++) {
      double score = expected.get("scores").get(i).doubleValue();
      assertThat(ours.values().get(i)).isCloseTo(score, close(score));
    }
    double mean = expected.get("mean").doubleValue();
    assertThat(ours.mean()).isCloseTo(mean, close(mean));
    double deviation = expected.get("std_ddof0").doubleValue();
    assertThat(ours.deviation()).isCloseTo(deviation, within(1e-8 * Math.max(1e-6, deviation)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 10, 1000, 1e8})
  void of_anyLogits_liesBetweenOneAndTheNumberOfClasses(double scale) {
    Features logits = Features.of(Seed.of(1).normal(103, 6).times(scale));

    assertThat(InceptionScore.of(logits, 4).values())
        .hasSize(4)
        .allSatisfy(score -> assertThat(score).isBetween(1.0, 6 + 1e-12));
  }

  @Test
  void of_certainAnswersInUnequalShares_isExpOfTheirEntropy() {
    Tensor logits = Tensor.of(new double[] {900, 0, 900, 0, 900, 0, 0, 900}, 4, 2);

    double entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    assertThat(InceptionScore.of(Features.of(logits), 1).mean())
        .isCloseTo(Math.exp(entropy), within(1e-12));
  }

  @Test
  void of_constantAddedToTheLogitsOfASample_isTheSame() {
    Tensor logits = Seed.of(1).normal(40, 5);
    Tensor moved = logits.plus(Seed.of(2).normal(40, 1).times(50));

    assertThat(InceptionScore.of(Features.of(moved), 1).mean())
        .isCloseTo(InceptionScore.of(Features.of(logits), 1).mean(), within(1e-4));
  }

  @Test
  void of_splitsThatDoNotFit_areRefused() {
    Features three = Features.of(Tensor.zeros(3, 2));

    assertThatThrownBy(() -> InceptionScore.of(three, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4 splits: a set has 3 samples; allowed: 4 or more");
    assertThatThrownBy(() -> InceptionScore.of(three, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("splits is 0; allowed: 1 or more");
  }
}
