package io.github.diffusion4j.evaluation;

import static io.github.diffusion4j.evaluation.GoldenMetrics.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class KernelDistanceTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void between_fewSamples_isTheSumWrittenOut() {
    double[] a = {0.5, -1, 2};
    double[] b = {1, 3};
    double inside = (k(a[0], a[1]) + k(a[0], a[2]) + k(a[1], a[2])) / 3 + k(b[0], b[1]);
    double across = 0;
    for (double x : a) {
      for (double y : b) {
        across += k(x, y) / 6;
      }
    }

    assertThat(KernelDistance.between(column(a), column(b)))
        .isCloseTo(inside - 2 * across, within(1e-12));
  }

  @Test
  void between_moreThanOneBlockOfRows_isTheSumOverAllPairs() {
    double[] a = Seed.of(1).normal(1500).toDoubles();
    double[] b = Seed.of(2).uniform(1100).toDoubles();

    assertThat(KernelDistance.between(column(a), column(b)))
        .isCloseTo(ofPairs(a) + ofPairs(b) - 2 * across(a, b), within(1e-10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu_like_d64", "identical_d16"})
  void between_goldenSubsets_equalsReference(String name) throws Exception {
    GoldenMetrics golden = GoldenMetrics.read();
    Features a = golden.features("fid/" + name + "/a");
    Features b = golden.features("fid/" + name + "/b");

    Spread ours =
        KernelDistance.between(
            a,
            b,
            golden.indices("kid/" + name + "/idx_a"),
            golden.indices("kid/" + name + "/idx_b"));

    JsonNode subsets = golden.numbers("kid", name, "per_subset");
    assertThat(ours.values()).hasSize(subsets.size());
    for (int i = 0; i < subsets.size(); i++) {
      double expected = subsets.get(i).doubleValue();
      assertThat(ours.values().get(i)).isCloseTo(expected, within(1e-8 * Math.abs(expected)));
    }
    double mean = golden.number("kid", name, "mean");
    assertThat(ours.mean()).isCloseTo(mean, within(1e-8 * Math.abs(mean)));
    double deviation = golden.number("kid", name, "std_ddof0");
    assertThat(ours.deviation()).isCloseTo(deviation, within(1e-8 * deviation));
    double all = golden.number("kid", name, "full_unbiased");
    assertThat(KernelDistance.between(a, b)).isCloseTo(all, within(1e-8 * Math.abs(all)));
  }

  /** Over many pairs of sets of one law the mean is 0, within four of its standard errors. */
  @Test
  void between_manySetsOfOneLaw_isZeroOnAverage() {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Features a = Features.of(Seed.of(i).derive("a").normal(12, 3));
      Features b = Features.of(Seed.of(i).derive("b").normal(17, 3));
      values.add(KernelDistance.between(a, b));
    }
    Spread spread = new Spread(values);

    assertThat(spread.mean()).isCloseTo(0, within(4 * spread.deviation() / Math.sqrt(400)));
    assertThat(spread.deviation()).isBetween(0.05, 2.0);
  }

  /** The mean of the kernel of numbers shifted by m is known: E k(x, y) = 1 + 3 E xy + …. */
  @Test
  void between_shiftedNormals_isClosedFormOfTheMoments() {
    Features a = Features.of(Seed.of(1).normal(10_000, 1));
    Features b = Features.of(Seed.of(2).normal(10_000, 1).plus(0.5));

    // Σ over powers p = 1, 2, 3 of binomial(3, p) (E aᵖ − E bᵖ)²
    double second = 0.5 * 0.5;
    double third = 3 * 0.5 + 0.5 * 0.5 * 0.5;
    double expected = 3 * 0.5 * 0.5 + 3 * second * second + third * third;
    assertThat(KernelDistance.between(a, b)).isCloseTo(expected, within(0.4));
  }

  @Test
  void between_seed_drawsTheSameSubsetsAgainAndOthersForAnother() {
    Features a = Features.of(Seed.of(1).normal(60, 4));
    Features b = Features.of(Seed.of(2).normal(50, 4).plus(1));
    KernelDistance distance = new KernelDistance(30, 20);

    Spread once = distance.between(a, b, Seed.of(3));

    assertThat(once.values()).hasSize(30).doesNotHaveDuplicates();
    assertThat(distance.between(a, b, Seed.of(3))).isEqualTo(once);
    assertThat(distance.between(a, b, Seed.of(4))).isNotEqualTo(once);
    double all = KernelDistance.between(a, b);
    assertThat(once.mean()).isCloseTo(all, within(4 * once.deviation() / Math.sqrt(30)));
  }

  /** A subset that is the whole set has no freedom, so drawing is without replacement. */
  @Test
  void between_subsetsOfAllSamples_areTheWholeSet() {
    Features a = Features.of(Seed.of(1).normal(20, 4));
    Features b = Features.of(Seed.of(2).normal(20, 4));

    Spread drawn = new KernelDistance(3, 20).between(a, b, Seed.of(5));

    double all = KernelDistance.between(a, b);
    assertThat(drawn.values()).allSatisfy(value -> assertThat(value).isCloseTo(all, close(all)));
  }

  @Test
  void between_setsThatDoNotFit_areRefused() {
    Features small = Features.of(Tensor.zeros(1, 2));
    Features two = Features.of(Tensor.zeros(2, 2));
    Features other = Features.of(Tensor.zeros(2, 3));

    assertThatThrownBy(() -> KernelDistance.between(two, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features of dimension 2 and 3; allowed: the same dimension");
    assertThatThrownBy(() -> KernelDistance.between(two, small))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kernel distance: a set has 1 samples; allowed: 2 or more");
    assertThatThrownBy(() -> KernelDistance.USUAL.between(two, two, Seed.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("subsets of 1000: a set has 2 samples; allowed: 1000 or more");
    assertThatThrownBy(() -> new KernelDistance(1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 subsets of 1 samples; allowed: 1 or more of 2 or more");
    assertThatThrownBy(() -> KernelDistance.between(two, two, List.of(new int[] {0, 1}), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 subsets of the first set and 0 of the second; allowed: as many");
  }

  private static double k(double x, double y) {
    return Math.pow(x * y + 1, 3);
  }

  private static double ofPairs(double[] set) {
    double sum = 0;
    for (int i = 0; i < set.length; i++) {
      for (int j = 0; j < set.length; j++) {
        sum += i == j ? 0 : k(set[i], set[j]);
      }
    }
    return sum / (set.length * (set.length - 1.0));
  }

  private static double across(double[] a, double[] b) {
    double sum = 0;
    for (double x : a) {
      for (double y : b) {
        sum += k(x, y);
      }
    }
    return sum / ((double) a.length * b.length);
  }

  private static Features column(double[] numbers) {
    return Features.of(Tensor.of(numbers, numbers.length, 1));
  }
}
