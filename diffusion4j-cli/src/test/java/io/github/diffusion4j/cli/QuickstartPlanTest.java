package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartPlanTest {
  private static final int STEPS = 50;

  /** Two quiet cores: 64 samples take two seconds. */
  private static final MachineSpeed USUAL = speed(420, 2.0 / 64);

  private static MachineSpeed speed(double imagesPerSecond, double drawingSeconds) {
    return new MachineSpeed(imagesPerSecond, drawingSeconds / STEPS);
  }

  /** A deadline of which {@code elapsed} seconds are over. */
  private static Deadline deadline(double seconds, double elapsed) {
    AtomicLong nanos = new AtomicLong();
    Deadline deadline = Deadline.after(seconds, nanos::get);
    nanos.set(Math.round(1e9 * elapsed));
    return deadline;
  }

  private static QuickstartPlan plan(double minutes, MachineSpeed speed) {
    return QuickstartPlan.of(deadline(60 * minutes, 5), speed, STEPS, OptionalInt.empty());
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
    QuickstartPlan plan = plan(minutes, speed(imagesPerSecond, drawingSeconds));

    double grids = Math.floor(plan.trainingSeconds() / (60 * plan.minutesPerGrid()));
    double spent =
        plan.trainingSeconds()
            + grids * QuickstartPlan.GRID * drawingSeconds
            + plan.judged() * drawingSeconds * plan.steps() / STEPS;
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
    MachineSpeed slow = speed(50, 0.3);

    assertThat(plan(30, slow).minutesPerGrid()).isEqualTo(7);
  }

  @Test
  void slowMachine_drawsInFewerSteps_andSaysSo() {
    QuickstartPlan plan = plan(1, speed(28, 0.5));

    assertThat(plan.steps()).isEqualTo(12);
    assertThat(plan.judged()).isEqualTo(64);
    assertThat(plan.reductions(64, STEPS)).first().asString().contains("12 steps", "50");
    assertThat(plan(5, USUAL).steps()).isEqualTo(STEPS);
  }

  @Test
  void withoutTime_aLittleIsTrained() {
    QuickstartPlan plan = QuickstartPlan.of(deadline(10, 13), USUAL, STEPS, OptionalInt.empty());

    assertThat(plan.trainingSeconds()).isCloseTo(1, within(1e-9));
    assertThat(plan.judged()).isEqualTo(64);
  }

  @Test
  void wantedSamples_areJudgedWhateverTheyCost() {
    QuickstartPlan plan = QuickstartPlan.of(deadline(60, 5), USUAL, STEPS, OptionalInt.of(5000));

    assertThat(plan.judged()).isEqualTo(5000);
    assertThat(plan.reductions(5000, STEPS)).isEmpty();
  }

  @Test
  void whatIsReduced_isSaid() {
    assertThat(plan(0.3, USUAL).reductions(64, STEPS))
        .singleElement()
        .asString()
        .contains("64 samples", "512");
    assertThat(plan(30, speed(50, 0.3)).reductions(512, STEPS))
        .singleElement()
        .asString()
        .contains("every 7 minutes");
    assertThat(plan(5, USUAL).reductions(512, STEPS)).isEmpty();
  }
}
