package io.github.diffusion4j;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.data.NpzFile;
import io.github.diffusion4j.evaluation.FrechetDistance;
import io.github.diffusion4j.evaluation.GaussianStatistics;
import io.github.diffusion4j.evaluation.ReferenceStatistics;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsFileTest {
  @TempDir Path folder;
  private Scope scope;

  @BeforeEach
  void openScope() {
    scope = Scope.open();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void read_filesOfNumpy_giveTheSameStatistics() throws Exception {
    ReferenceStatistics pooled = StatisticsFile.read(golden("pooled.npz"));
    ReferenceStatistics spatial = StatisticsFile.read(golden("spatial.npz"));
    ReferenceStatistics coarse = StatisticsFile.read(golden("compressed32.npz"));

    assertThat(pooled.spatial()).isEmpty();
    assertThat(pooled.pooled().mean().toDoubles())
        .containsExactly(
            -0.1189026491350468, 0.05368803682666347, 0.250096155158145, 0.2964867341825849);
    assertThat(pooled.pooled().covariance().toDoubles()[1 * 4 + 2]).isEqualTo(-0.17874324587301724);
    assertThat(FrechetDistance.between(pooled.pooled(), spatial.pooled()))
        .isCloseTo(0, within(1e-12));
    assertThat(FrechetDistance.between(pooled.pooled(), coarse.pooled()))
        .isCloseTo(0, within(1e-6));
    GaussianStatistics places = spatial.spatial().orElseThrow();
    assertThat(places.dimension()).isEqualTo(6);
    assertThat(places.mean().toDoubles()[5]).isEqualTo(0.2750450618204372);
    assertThat(places.covariance().toDoubles()[5]).isEqualTo(0.5521407173392253);
  }

  @Test
  void write_bothForms_areReadAgainToTheLastBit() throws IOException {
    GaussianStatistics one = GaussianStatistics.of(Seed.of(1).normal(9, 5));
    GaussianStatistics other = GaussianStatistics.of(Seed.of(2).normal(4, 7));
    Path file = folder.resolve("reference.npz");

    StatisticsFile.write(file, new ReferenceStatistics(one));
    assertThat(NpzFile.names(file)).containsExactly("mu", "sigma");
    assertSame(StatisticsFile.read(file).pooled(), one);

    StatisticsFile.write(file, new ReferenceStatistics(one, Optional.of(other)));
    assertThat(NpzFile.names(file)).containsExactly("mu", "mu_s", "sigma", "sigma_s");
    assertSame(StatisticsFile.read(file).pooled(), one);
    assertSame(StatisticsFile.read(file).spatial().orElseThrow(), other);
  }

  @Test
  void read_filesThatAreNoStatistics_areRefusedByName() throws IOException {
    Tensor mean = Tensor.zeros(2);
    Tensor covariance = Tensor.zeros(2, 2);

    refused(
        Map.of("arr_0", mean),
        "these are no statistics: there is [arr_0], but no mu; allowed: mu and sigma, with or"
            + " without mu_s and sigma_s");
    refused(
        Map.of("mu", mean, "sigma", covariance, "mu_s", mean),
        "these are no statistics: there is [mu, mu_s, sigma], but no sigma_s; allowed: mu and"
            + " sigma, with or without mu_s and sigma_s");
    refused(
        Map.of("mu", mean, "sigma", Tensor.zeros(3, 3)),
        "mu is F32[2] and sigma is F32[3, 3]; allowed: [d] and [d, d]");
    refused(
        Map.of("mu", covariance, "sigma", covariance),
        "mu is F32[2, 2] and sigma is F32[2, 2]; allowed: [d] and [d, d]");
    refused(
        Map.of("mu", Tensor.of(new double[] {0, Double.NaN}, 2), "sigma", covariance),
        "number 1 (from 0 on) of the mean is NaN; allowed: finite numbers");
    refused(
        Map.of("mu", mean, "sigma", Tensor.of(new double[] {1, 2, 3, 4}, 2, 2)),
        "entry [1, 0] of the covariance is 3.0, but [0, 1] is 2.0; allowed: symmetric ones");
    refused(
        Map.of("mu", mean, "sigma", Tensor.of(new double[] {1, 0, 0, -4}, 2, 2)),
        "variance 1 (from 0 on) is -4.0; allowed: 0 or more");
  }

  private void refused(Map<String, Tensor> arrays, String message) throws IOException {
    Path file = folder.resolve("wrong.npz");
    NpzFile.write(file, arrays);
    assertThatThrownBy(() -> StatisticsFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": " + message);
  }

  private static void assertSame(GaussianStatistics actual, GaussianStatistics expected) {
    assertNumbers(actual.mean().toDoubles()).areEqualTo(expected.mean().toDoubles());
    assertNumbers(actual.covariance().toDoubles()).areEqualTo(expected.covariance().toDoubles());
  }

  private static Path golden(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(StatisticsFileTest.class.getResource("/golden/npz/" + name))
            .toURI());
  }
}
