package io.github.diffusion4j.torch;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistical tests have fixed seeds; their tolerances are five standard errors. */
@Tag("numerics")
class SeedTest {
  private static final int MANY = 100_000;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void draws_sameSeed_areEqual() {
    Seed seed = Seed.of(5).derive("noise").derive(1000);

    assertNumbers(seed.normal(3, 4).toFloats()).areEqualTo(seed.normal(3, 4).toFloats());
    assertNumbers(seed.uniform(3, 4).toFloats()).areEqualTo(seed.uniform(3, 4).toFloats());
    assertThat(seed.integers(1, 9, 20).toLongs())
        .containsExactly(seed.integers(1, 9, 20).toLongs());
    assertThat(seed.permutation(20)).containsExactly(seed.permutation(20));
  }

  @ParameterizedTest
  @CsvSource({"0", "0.001", "0.1", "0.5", "0.9", "0.999"})
  void coins_anyProbability_areOneAsOften(double p) {
    float[] coins = Seed.of(6).coins(p, 7, MANY / 7).toFloats();

    double sum = 0;
    double both = 0;
    for (int i = 0; i < coins.length; i++) {
      assertThat(coins[i]).isIn(0f, 1f);
      sum += coins[i];
      both += i % 2 == 1 ? coins[i] * coins[i - 1] : 0;
    }
    double error = 5 * Math.sqrt(p * (1 - p) / coins.length);
    assertThat(sum / coins.length).isCloseTo(p, within(error));
    double pairs = coins.length / 2.0;
    double q = p * p;
    assertThat(both / pairs).isCloseTo(q, within(5 * Math.sqrt(q * (1 - q) / pairs)));
  }

  @Test
  void draws_inAnyOrder_areEqual() {
    Seed root = Seed.of(5);
    float[] first = root.derive("a").normal(8).toFloats();
    float[] second = root.derive("b").normal(8).toFloats();

    assertThat(root.derive("b").normal(8).toFloats()).containsExactly(second);
    assertThat(root.derive("a").normal(8).toFloats()).containsExactly(first);
  }

  @Test
  void derive_namesAndNumbers_giveDifferentStreams() {
    Set<Long> values = new HashSet<>();
    for (int seed = 0; seed < 10; seed++) {
      values.add(Seed.of(seed).value());
      for (int index = -50; index < 50; index++) {
        values.add(Seed.of(seed).derive(index).value());
        values.add(Seed.of(seed).derive("step " + index).value());
      }
    }

    assertThat(values).hasSize(10 * 201);
  }

  @Test
  void derive_knownSeed_keepsItsValue() {
    // A change of these numbers would silently change every run that is resumed.
    assertThat(Seed.of(0).value()).isEqualTo(5272463233947570727L);
    assertThat(Seed.of(0).derive("noise").derive(1000).value()).isEqualTo(-8780092108551158795L);
    assertThat(Seed.of(0).permutation(6)).containsExactly(2, 4, 0, 3, 5, 1);
  }

  @Test
  void streams_ofNeighbors_areUncorrelated() {
    Tensor one = Seed.of(1).derive(0).normal(MANY);
    Tensor two = Seed.of(1).derive(1).normal(MANY);

    assertThat(one.times(two).mean().item()).isCloseTo(0, within(5 / Math.sqrt(MANY)));
  }

  @Test
  void normal_manyNumbers_haveStandardMoments() {
    Tensor z = Seed.of(2).normal(MANY);

    assertThat(z.type()).isEqualTo(DType.F32);
    assertThat(z.mean().item()).isCloseTo(0, within(5 / Math.sqrt(MANY)));
    assertThat(z.square().mean().item()).isCloseTo(1, within(5 * Math.sqrt(2.0 / MANY)));
    assertThat(z.square().square().mean().item()).isCloseTo(3, within(5 * Math.sqrt(96.0 / MANY)));
  }

  @Test
  void uniform_manyNumbers_fillTheUnitInterval() {
    Tensor u = Seed.of(3).uniform(MANY);

    assertThat(u.mean().item()).isCloseTo(0.5, within(5 * Math.sqrt(1.0 / 12 / MANY)));
    assertThat(u.square().mean().item()).isCloseTo(1.0 / 3, within(5 * Math.sqrt(4.0 / 45 / MANY)));
    for (float value : u.toFloats()) {
      assertThat(value >= 0 && value < 1).isTrue();
    }
  }

  @Test
  void integers_manyNumbers_areUniformAndIncludeBothEnds() {
    long[] counts = new long[10];
    for (long value : Seed.of(4).integers(1, 10, MANY).toLongs()) {
      counts[(int) value - 1]++;
    }

    double chiSquare =
        Arrays.stream(counts).mapToDouble(c -> (c - MANY / 10.0) * (c - MANY / 10.0)).sum()
            / (MANY / 10.0);
    // Nine degrees of freedom: 27.9 is exceeded once in a thousand seeds.
    assertThat(chiSquare).isLessThan(27.9);
  }

  @Test
  void integers_oneValue_isThatValue() {
    assertThat(Seed.of(1).integers(7, 7, 3).toLongs()).containsExactly(7, 7, 7);
  }

  @Test
  void permutation_anySize_holdsEachNumberOnce() {
    for (int count : new int[] {0, 1, 2, 3, 1000}) {
      int[] order = Seed.of(6).permutation(count);
      Arrays.sort(order);
      assertThat(order).containsExactly(IntStream.range(0, count).toArray());
    }
  }

  @Test
  void permutation_manySeeds_putsEachNumberFirstEquallyOften() {
    int[] counts = new int[5];
    for (int i = 0; i < 10_000; i++) {
      counts[Seed.of(7).derive(i).permutation(5)[0]]++;
    }

    for (int count : counts) {
      assertThat((double) count).isCloseTo(2000, within(5 * Math.sqrt(10_000 * 0.2 * 0.8)));
    }
  }
}
