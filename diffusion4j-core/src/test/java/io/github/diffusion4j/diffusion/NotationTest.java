package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.Notations.Ddim;
import io.github.diffusion4j.diffusion.Notations.Deviations;
import io.github.diffusion4j.diffusion.Notations.Edm;
import io.github.diffusion4j.diffusion.Notations.Ho;
import io.github.diffusion4j.diffusion.Notations.Notation;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The four notations of docs/math.md say the same as the library, each with its own formulas. */
class NotationTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.of(50, 1e-3, 0.2);
  private static final Ho HO = new Ho(SCHEDULE.betas());
  private static final Deviations DEVIATIONS = Deviations.from(HO);
  private static final Ddim DDIM = Ddim.from(DEVIATIONS);
  private static final Edm EDM = Edm.from(DDIM);

  static List<Notation> all() {
    return List.of(HO, DEVIATIONS, DDIM, EDM);
  }

  @ParameterizedTest
  @MethodSource("all")
  void levels_everyTime_areThoseOfTheSchedule(Notation notation) {
    for (int t = 1; t <= SCHEDULE.steps(); t++) {
      assertThat(notation.signal(t)).isCloseTo(SCHEDULE.level(t).signal(), within(1e-12));
      assertThat(notation.noise(t)).isCloseTo(SCHEDULE.level(t).noise(), within(1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void forwardStep_everyTime_isThatOfTheSchedule(Notation notation) {
    Blending blending = Blending.of(SCHEDULE);
    for (int t = 1; t <= SCHEDULE.steps(); t++) {
      assertThat(notation.kept(t)).isCloseTo(blending.a(t), within(1e-12));
      assertThat(notation.added(t)).isCloseTo(blending.b(t), within(1e-12));
      assertThat(notation.beta(t)).isCloseTo(SCHEDULE.beta(t), within(1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void posterior_everyTime_isThatOfTheLibrary(Notation notation) {
    Posterior posterior = new Posterior(SCHEDULE);
    for (int t = 1; t <= SCHEDULE.steps(); t++) {
      double deviation = Math.sqrt(SCHEDULE.betaTilde(t));

      assertThat(notation.ofX0(t)).isCloseTo(posterior.x0Coefficient(t), within(1e-11));
      assertThat(notation.ofXt(t)).isCloseTo(posterior.xtCoefficient(t), within(1e-11));
      assertThat(notation.deviation(t)).isCloseTo(deviation, within(1e-11));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void reverseStep_everyTime_isThatOfTheLibrary(Notation notation) {
    Posterior posterior = new Posterior(SCHEDULE);
    try (Scope scope = Scope.open()) {
      for (int t = 1; t <= SCHEDULE.steps(); t++) {
        double expected = posterior.meanFromEpsilon(point(-0.8), point(1.3), t).item();
        double actual = notation.back(t) * 1.3 - notation.taken(t) * -0.8;

        assertThat(actual).isCloseTo(expected, within(1e-11));
      }
    }
  }

  @Test
  void deviations_bothChoicesOfSigma_areTheRootsOfTheVariances() {
    for (int t = 1; t <= SCHEDULE.steps(); t++) {
      double large = DEVIATIONS.added(t);
      double small = DEVIATIONS.noise(t - 1) / DEVIATIONS.noise(t) * DEVIATIONS.added(t);

      assertThat(large * large).isCloseTo(FixedVariance.BETA.at(SCHEDULE, t), within(1e-12));
      assertThat(small * small).isCloseTo(FixedVariance.BETA_TILDE.at(SCHEDULE, t), within(1e-12));
    }
  }

  @Test
  void conversion_throughAllFour_returnsTheBetas() {
    assertNumbers(Ho.from(EDM).betas()).areCloseTo(SCHEDULE.betas(), 1e-13);
  }

  private static Tensor point(double x) {
    return Tensor.of(new double[] {x}, 1);
  }
}
