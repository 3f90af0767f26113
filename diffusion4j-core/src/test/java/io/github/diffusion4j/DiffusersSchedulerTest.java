package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.sampling.Churn;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From a scheduler_config.json alone to the numbers of diffusers; see golden/middle. */
class DiffusersSchedulerTest {
  static Stream<SchedulerRun> runs() throws Exception {
    return SchedulerRun.read(SchedulerRun.resource("middle")).stream();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void sampler_anyRun_goesTheWayOfDiffusers(SchedulerRun run) throws Exception {
    try (Scope scope = Scope.open()) {
      assertThat(run.deviation()).isLessThanOrEqualTo(1e-4);
    }
  }

  @Test
  void read_aFile_isTheSameAsItsText(@TempDir Path folder) throws Exception {
    String json =
        "{\"_class_name\": \"DPMSolverMultistepScheduler\", \"num_train_timesteps\": 100}";
    Path file = Files.writeString(folder.resolve("scheduler_config.json"), json);

    DiffusersScheduler read = DiffusersScheduler.read(file);

    assertThat(read.process()).isEqualTo(DiffusersScheduler.parse(json).process());
    assertThat(read.schedule().steps()).isEqualTo(100);
    assertThat(read.sampler(7).grid().steps()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "0.99, 9", "0.75, 7", "0.1, 1", "0.29, 2", "0.7, 7"})
  void begin_anyStrength_isThatOfDiffusers(double strength, int expected) throws Exception {
    DiffusersScheduler ddim = DiffusersScheduler.parse("{\"_class_name\": \"DDIMScheduler\"}");

    assertThat(ddim.begin(10, strength)).isEqualTo(expected);
  }

  @Test
  void begin_noStepLeft_saysWhich() throws Exception {
    DiffusersScheduler ddim = DiffusersScheduler.parse("{\"_class_name\": \"DDIMScheduler\"}");

    assertThatThrownBy(() -> ddim.begin(10, 0.05))
        .isInstanceOf(UserException.class)
        .hasMessage("strength is 0.05: no step of 10 is left; allowed: 0.1 to 1");
    assertThatThrownBy(() -> ddim.begin(10, 0))
        .hasMessage("strength is 0.0; allowed: above 0, up to 1");
  }

  @Test
  void sampler_argumentsThatItDoesNotHave_saysWhichHave() throws Exception {
    DiffusersScheduler heun =
        DiffusersScheduler.parse("{\"_class_name\": \"HeunDiscreteScheduler\"}");

    assertThatThrownBy(() -> heun.sampler(10, StepArguments.DEFAULT.with(Churn.of(4))))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "s_churn is 4.0, but the scheduler is HeunDiscreteScheduler; allowed:"
                + " EulerDiscreteScheduler, EDMEulerScheduler");
    assertThatThrownBy(
            () -> heun.sampler(10, StepArguments.DEFAULT.with(StepArguments.Direction.DERIVED)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "use_clipped_model_output is true, but the scheduler is HeunDiscreteScheduler; allowed:"
                + " DDIMScheduler");
  }

  @Test
  void parse_noJson_isAnErrorWithThePlace() {
    assertThatThrownBy(() -> DiffusersScheduler.parse("{"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("scheduler_config.json is not valid JSON");
    assertThatThrownBy(() -> DiffusersScheduler.parse("{\"_class_name\": \"FlowMatchEuler\"}"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("_class_name");
  }

  @Test
  void sample_theExampleOfTheJavadoc_drawsImages() throws Exception {
    DiffusersScheduler scheduler =
        DiffusersScheduler.parse("{\"_class_name\": \"UniPCMultistepScheduler\"}");
    Sampler sampler = scheduler.sampler(5);
    try (Scope scope = Scope.open()) {
      long[] shape =
          sampler
              .sample(
                  scheduler.denoiser((xt, time) -> xt.times(0.5)),
                  new SchedulerRun.Sines(5),
                  SamplingListener.NONE,
                  2,
                  1,
                  2,
                  4)
              .shape();

      assertThat(shape).containsExactly(2, 1, 2, 4);
    }
  }
}
