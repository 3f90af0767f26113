package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DigitBatchesTest {
  private static LabeledDigits digits;

  @BeforeAll
  static void read() throws IOException {
    digits = LabeledDigits.read(TestDigits.load());
  }

  @Test
  void at_anyBatch_hasProbabilitiesAndPixelsInRange() {
    try (Scope scope = Scope.open()) {
      DigitBatches.Batch batch = new DigitBatches(digits, 200, Seed.of(1)).at(1);

      assertThat(batch.images().shape()).containsExactly(200, 1, 28, 28);
      assertThat(batch.images().abs().toFloats()).satisfies(DigitBatchesTest::atMostOne);
      for (double sum : batch.targets().sum(1).toDoubles()) {
        assertThat(sum).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void at_severalEpochs_spoilsAQuarter() {
    DigitBatches batches = new DigitBatches(digits, 500, Seed.of(1));
    double clean =
        IntStream.range(0, 8).mapToLong(i -> clean(batches, i)).sum() / (8.0 * digits.size());

    assertThat(clean).isCloseTo(0.75, within(0.03));
  }

  @Test
  void at_sameNumberInAnotherOrder_givesSameBatch() {
    try (Scope scope = Scope.open()) {
      DigitBatches batches = new DigitBatches(digits, 100, Seed.of(1));
      float[] seventh = batches.at(7).images().toFloats();
      batches.at(0);

      assertThat(batches.at(7).images().toFloats()).isEqualTo(seventh);
      assertThat(batches.at(8).images().toFloats()).isNotEqualTo(seventh);
    }
  }

  private static void atMostOne(float[] values) {
    for (float value : values) {
      assertThat(value).isLessThanOrEqualTo(1);
    }
  }

  private static long clean(DigitBatches batches, int number) {
    try (Scope scope = Scope.open()) {
      double[] targets = batches.at(number).targets().toDoubles();
      return Arrays.stream(targets).filter(probability -> probability == 1).count();
    }
  }
}
