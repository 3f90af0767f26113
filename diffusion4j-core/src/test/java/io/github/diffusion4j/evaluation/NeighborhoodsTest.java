package io.github.diffusion4j.evaluation;

import static io.github.diffusion4j.evaluation.GoldenMetrics.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Precision, recall, density and coverage, and the balls under them. */
class NeighborhoodsTest {
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
  @CsvSource({"gauss_d8, 3", "gauss_d8, 5", "far_d8, 3", "far_d8, 5", "ties_d6, 3", "ties_d6, 5"})
  void all_goldenSets_equalReference(String name, int k) throws Exception {
    GoldenMetrics golden = GoldenMetrics.read();
    Features real = golden.features("pr/" + name + "/real");
    Features fake = golden.features("pr/" + name + "/fake");
    JsonNode expected = expected(golden, name, k);

    PrecisionRecall closed = PrecisionRecall.of(real, fake, k);
    DensityCoverage open = DensityCoverage.of(real, fake, k);

    assertThat(closed.precision()).isEqualTo(expected.get("precision").doubleValue());
    assertThat(closed.recall()).isEqualTo(expected.get("recall").doubleValue());
    double density = expected.get("density_strict").doubleValue();
    assertThat(open.density()).isCloseTo(density, close(density));
    assertThat(open.coverage()).isEqualTo(expected.get("coverage_strict").doubleValue());
    assertThat(openShare(real, fake, k)).isEqualTo(expected.get("precision_strict").doubleValue());
    assertThat(openShare(fake, real, k)).isEqualTo(expected.get("recall_strict").doubleValue());
  }

  @ParameterizedTest
  @CsvSource({"gauss_d8, 3", "gauss_d8, 5", "far_d8, 3", "far_d8, 5", "ties_d6, 3", "ties_d6, 5"})
  void membership_goldenSets_equalsReference(String name, int k) throws Exception {
    GoldenMetrics golden = GoldenMetrics.read();
    String prefix = "pr/" + name + "/k" + k + "/";
    Features real = golden.features("pr/" + name + "/real");
    Features fake = golden.features("pr/" + name + "/fake");
    Neighborhoods ofReal = Neighborhoods.of(real, k);
    Neighborhoods ofFake = Neighborhoods.of(fake, k);

    assertThat(Arrays.stream(ofReal.of(fake).closed()).mapToLong(n -> Math.min(n, 1)))
        .containsExactly(boxed(golden.tensor(prefix + "fake_in_real")));
    assertThat(Arrays.stream(ofFake.of(real).closed()).mapToLong(n -> Math.min(n, 1)))
        .containsExactly(boxed(golden.tensor(prefix + "real_in_fake")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10})
  void all_setWithItself_isPerfect(int k) {
    Features set = Features.of(Seed.of(1).normal(200, 7));

    assertThat(PrecisionRecall.of(set, set, k)).isEqualTo(new PrecisionRecall(1, 1));
    DensityCoverage open = DensityCoverage.of(set, set, k);
    assertThat(open.coverage()).isEqualTo(1);
    // each open ball holds its own sample and the k − 1 nearer ones
    assertThat(open.density()).isCloseTo(1, within(1e-12));
  }

  /** Far from the origin the fast distances have no digits left; the answer is the same. */
  @Test
  void all_setsFarFromTheOrigin_areAsNearIt() {
    Tensor real = Seed.of(1).integers(0, 20, 300).reshape(100, 3).to(DType.F64);
    Tensor fake = Seed.of(2).integers(5, 25, 300).reshape(100, 3).to(DType.F64);
    double far = 1L << 40;
    Features farReal = Features.of(real.plus(far));
    Features farFake = Features.of(fake.plus(far));

    assertThat(PrecisionRecall.of(farReal, farFake, 3))
        .isEqualTo(PrecisionRecall.of(Features.of(real), Features.of(fake), 3));
    assertThat(DensityCoverage.of(farReal, farFake, 3))
        .isEqualTo(DensityCoverage.of(Features.of(real), Features.of(fake), 3));
  }

  @Test
  void all_moreThanOneBlockOfRows_equalsLoopOverAllPairs() {
    Features real = Features.of(Seed.of(1).normal(4500, 2));
    Features fake = Features.of(Seed.of(2).normal(4100, 2).times(1.2));
    double[] x = real.rows().toDoubles();
    double[] radii = toSecondNearest(x);
    double[] y = fake.rows().toDoubles();
    int inside = 0;
    int covered = 0;
    boolean[] hit = new boolean[4100];
    for (int i = 0; i < 4500; i++) {
      int here = 0;
      for (int j = 0; j < 4100; j++) {
        if (Math.hypot(x[2 * i] - y[2 * j], x[2 * i + 1] - y[2 * j + 1]) < radii[i]) {
          here++;
          hit[j] = true;
        }
      }
      inside += here;
      covered += Math.min(here, 1);
    }
    int precise = 0;
    for (boolean one : hit) {
      precise += one ? 1 : 0;
    }

    assertThat(DensityCoverage.of(real, fake, 2))
        .isEqualTo(new DensityCoverage(inside / 4100.0 / 2, covered / 4500.0));
    assertThat(PrecisionRecall.of(real, fake, 2).precision()).isEqualTo(precise / 4100.0);
  }

  @Test
  void membership_onALine_isThatOfTheKnownBalls() {
    Features line = Features.of(Tensor.of(new double[] {0, 1, 3, 7}, 4, 1));

    // [−1, 1], [0, 2], [1, 5], [3, 11]
    Neighborhoods.Membership first =
        Neighborhoods.of(line, 1).of(Features.of(Tensor.of(new double[] {-1, 1, 3, 11, 12}, 5, 1)));
    assertThat(first.closed()).containsExactly(1, 3, 2, 1, 0);
    assertThat(first.open()).containsExactly(0, 1, 1, 0, 0);
    assertThat(first.reached()).containsExactly(false, true, true, false);
    assertThat(first.inside()).isEqualTo(4);

    // [−7, 7], [−5, 7], [−1, 7], [0, 14]
    Neighborhoods.Membership third =
        Neighborhoods.of(line, 3)
            .of(Features.of(Tensor.of(new double[] {-7, -5, -1, 7, 14}, 5, 1)));
    assertThat(third.closed()).containsExactly(1, 2, 3, 4, 1);
    assertThat(third.open()).containsExactly(0, 1, 2, 1, 0);
  }

  private static double[] toSecondNearest(double... x) {
    double[] radii = new double[x.length / 2];
    for (int i = 0; i < radii.length; i++) {
      double first = Double.POSITIVE_INFINITY;
      double second = Double.POSITIVE_INFINITY;
      for (int j = 0; j < radii.length; j++) {
        double across = x[2 * i] - x[2 * j];
        double along = x[2 * i + 1] - x[2 * j + 1];
        double distance = i == j ? Double.POSITIVE_INFINITY : across * across + along * along;
        second = Math.min(second, Math.max(first, distance));
        first = Math.min(first, distance);
      }
      radii[i] = Math.sqrt(second);
    }
    return radii;
  }

  /** One mode of two is covered: all samples are good, half of the real ones are missed. */
  @Test
  void all_oneModeOfTwo_isPreciseButCoversHalf() {
    Tensor left = Seed.of(1).normal(300, 2);
    Tensor right = Seed.of(2).normal(300, 2).plus(100);
    Features real = Features.of(Tensor.cat(List.of(left, right), 0));
    Features fake = Features.of(Seed.of(3).normal(600, 2));

    PrecisionRecall closed = PrecisionRecall.of(real, fake, 3);
    assertThat(closed.precision()).isGreaterThan(0.9);
    assertThat(closed.recall()).isBetween(0.45, 0.5);
    assertThat(DensityCoverage.of(real, fake, 5).coverage()).isBetween(0.45, 0.5);
  }

  @Test
  void of_setsThatDoNotFit_areRefused() {
    Features three = Features.of(Tensor.zeros(3, 2));
    Features five = Features.of(Tensor.zeros(5, 2));
    Features other = Features.of(Tensor.zeros(5, 4));

    assertThatThrownBy(() -> PrecisionRecall.of(five, three, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 nearest neighbors: a set has 3 samples; allowed: 4 or more");
    assertThatThrownBy(() -> DensityCoverage.of(five, other, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features of dimension 2 and 4; allowed: the same dimension");
    assertThatThrownBy(() -> PrecisionRecall.of(five, five, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("neighbors is 0; allowed: 1 or more");
  }

  private static double openShare(Features centers, Features points, int k) {
    int[] open = Neighborhoods.of(centers, k).of(points).open();
    return Arrays.stream(open).filter(balls -> balls > 0).count() / (double) open.length;
  }

  private static Long[] boxed(Tensor flags) {
    return Arrays.stream(flags.toLongs()).boxed().toArray(Long[]::new);
  }

  private static JsonNode expected(GoldenMetrics golden, String name, int k) {
    for (JsonNode node : golden.numbers("pr", name)) {
      if (node.get("k").intValue() == k) {
        return node;
      }
    }
    throw new AssertionError("no case of k = " + k);
  }
}
