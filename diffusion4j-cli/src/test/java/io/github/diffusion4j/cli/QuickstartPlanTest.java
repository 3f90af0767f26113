package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartPlanTest {
  /** Two quiet cores: 64 samples take two seconds. */
  private static final MachineSpeed USUAL = new MachineSpeed(420, 2.0 / 64);

  private static QuickstartPlan plan(double minutes, MachineSpeed speed) {
    return QuickstartPlan.of(60 * minutes - 5, 60 * minutes, speed, OptionalInt.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "0.3, 420, 0.03",
    "1, 420, 0.03",
    "2, 420, 0.03",
    "5, 420, 0.03",
    "20, 420, 0.03",
    "1, 100, 0.12",
    "5, 50, 0.3",
    "60, 20, 1",
    "1, 3000, 0.005"
  })
  void trainingGridsAndJudging_fillTheTimeThatIsLeft(
      double minutes, double imagesPerSecond, double drawingSeconds) {
    QuickstartPlan plan = plan(minutes, new MachineSpeed(imagesPerSecond, drawingSeconds));

    double grids = Math.floor(plan.trainingSeconds() / (60 * plan.minutesPerGrid()));
    double spent =
        plan.trainingSeconds()
            + grids * QuickstartPlan.GRID * drawingSeconds
            + plan.judged() * drawingSeconds;
    double left = 60 * minutes - 5;
    assertThat(spent).isBetween(left - 100 * drawingSeconds, left);
    assertThat(plan.images()).isEqualTo(Math.round(plan.trainingSeconds() * imagesPerSecond));
  }

  @Test
  void usualMachine_judgesAllOfFiveMinutes_andFewerOfOne() {
    assertThat(plan(5, USUAL).judged()).isEqualTo(512);
    assertThat(plan(5, USUAL).trainingSeconds()).isBetween(260.0, 275.0);
    assertThat(plan(5, USUAL).minutesPerGrid()).isEqualTo(1);
    assertThat(plan(1, USUAL).judged()).isEqualTo(256);
    assertThat(plan(0.3, USUAL).judged()).isEqualTo(64);
  }

  @Test
  void grids_takeNoMoreThanATwentiethOfTheTraining() {
    MachineSpeed slow = new MachineSpeed(50, 0.3);

    assertThat(plan(30, slow).minutesPerGrid()).isEqualTo(7);
  }

  @Test
  void withoutTime_aLittleIsTrained() {
    QuickstartPlan plan = QuickstartPlan.of(-3, 10, USUAL, OptionalInt.empty());

    assertThat(plan.trainingSeconds()).isCloseTo(1, within(1e-9));
    assertThat(plan.judged()).isEqualTo(64);
  }

  @Test
  void wantedSamples_areJudgedWhateverTheyCost() {
    QuickstartPlan plan = QuickstartPlan.of(55, 60, USUAL, OptionalInt.of(5000));

    assertThat(plan.judged()).isEqualTo(5000);
    assertThat(plan.reductions(5000)).isEmpty();
  }

  @Test
  void whatIsReduced_isSaid() {
    assertThat(plan(0.3, USUAL).reductions(64))
        .singleElement()
        .asString()
        .contains("64 samples", "512");
    assertThat(plan(30, new MachineSpeed(50, 0.3)).reductions(512))
        .singleElement()
        .asString()
        .contains("every 7 minutes");
    assertThat(plan(5, USUAL).reductions(512)).isEmpty();
  }
}
