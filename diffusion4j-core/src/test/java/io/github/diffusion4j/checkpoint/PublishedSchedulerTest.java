package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.PublishedScheduler.Bound;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.checkpoint.PublishedSolver.Deis;
import io.github.diffusion4j.checkpoint.PublishedSolver.Dpm;
import io.github.diffusion4j.checkpoint.PublishedSolver.LastOrder;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.checkpoint.PublishedSolver.Pndm;
import io.github.diffusion4j.checkpoint.PublishedSolver.UniPc;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedSchedulerTest {
  private static final Bound NONE = new Bound.None();
  private static final ScheduleConfig.Plain LINEAR = new ScheduleConfig.Linear(1000, 1e-4, 0.02);

  @TempDir private Path folder = Path.of(".");

  static Stream<PublishedScheduler> defaults() {
    return Stream.of(
        leading(Plain.DDPM, End.CLEAN, new Bound.Clip(1)),
        leading(Plain.DDIM, End.CLEAN, new Bound.Clip(1)),
        leading(new Pndm(Pndm.Start.RUNGE_KUTTA), End.FIRST_LEVEL, NONE),
        linspace(Plain.EULER, End.CLEAN),
        linspace(Plain.EULER_ANCESTRAL, End.CLEAN),
        linspace(Plain.HEUN, End.CLEAN),
        linspace(Plain.LMS, End.CLEAN),
        linspace(dpm(Dpm.Form.MULTISTEP, Dpm.LastSteps.FALLING), End.CLEAN),
        linspace(dpm(Dpm.Form.SINGLE_STEP, Dpm.LastSteps.FULL), End.CLEAN),
        linspace(
            new UniPc(2, UniPc.Interpolated.X0, UniPc.Scale.BH2, Set.of(), LastOrder.FALLING),
            End.CLEAN),
        linspace(new Deis(2, LastOrder.FALLING), End.FIRST_LEVEL));
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void read_nothingButTheClass_hasItsDefaults(PublishedScheduler expected) throws IOException {
    String className = expected.solver().className();

    assertThat(read("{\"_class_name\": \"%s\"}".formatted(className))).isEqualTo(expected);
  }

  @Test
  void read_nothingAtAll_isAncestralSampling() throws IOException {
    ProcessConfig process =
        new ProcessConfig(
            LINEAR, PredictionTarget.EPSILON, VarianceChoice.BETA_TILDE, X0Range.CLIP_TO_DATA);

    assertThat(read("{}")).isEqualTo(PublishedScheduler.ddpm(process));
  }

  static Stream<PublishedScheduler> others() {
    Bound threshold = new Bound.Threshold(0.9, 2.5);
    return Stream.of(
        new PublishedScheduler(
            Plain.DDPM, Spacing.TRAILING, 0, Sigmas.OF_TIMES, End.CLEAN, threshold),
        new PublishedScheduler(
            Plain.DDIM, Spacing.LEADING, 1, Sigmas.OF_TIMES, End.FIRST_LEVEL, new Bound.Clip(2)),
        leading(new Pndm(Pndm.Start.TWO_LOOKS), End.CLEAN, NONE),
        new PublishedScheduler(
            Plain.EULER, Spacing.TRAILING, 0, Sigmas.EXPONENTIAL, End.FIRST_LEVEL, NONE),
        new PublishedScheduler(
            Plain.HEUN, Spacing.LINSPACE, 0, Sigmas.KARRAS, End.CLEAN, new Bound.Clip(1)),
        new PublishedScheduler(
            new Dpm(
                Dpm.Form.MULTISTEP,
                3,
                Dpm.Algorithm.SDE_DPMSOLVER,
                Dpm.SolverType.HEUN,
                Dpm.LastSteps.FALLING_AND_EULER),
            Spacing.LEADING,
            1,
            Sigmas.LU,
            End.FIRST_LEVEL,
            threshold),
        new PublishedScheduler(
            new Dpm(
                Dpm.Form.SINGLE_STEP,
                3,
                Dpm.Algorithm.DPMSOLVER,
                Dpm.SolverType.MIDPOINT,
                Dpm.LastSteps.FALLING),
            Spacing.LINSPACE,
            0,
            Sigmas.KARRAS,
            End.FIRST_LEVEL,
            NONE),
        new PublishedScheduler(
            new UniPc(4, UniPc.Interpolated.EPSILON, UniPc.Scale.BH1, Set.of(0, 3), LastOrder.FULL),
            Spacing.TRAILING,
            0,
            Sigmas.KARRAS,
            End.FIRST_LEVEL,
            NONE),
        new PublishedScheduler(
            new Deis(3, LastOrder.FULL),
            Spacing.LEADING,
            2,
            Sigmas.EXPONENTIAL,
            End.FIRST_LEVEL,
            threshold));
  }

  static Stream<PublishedScheduler> all() {
    return Stream.concat(defaults(), others());
  }

  @ParameterizedTest
  @MethodSource("all")
  void read_whatWasWritten_isTheSame(PublishedScheduler scheduler) throws IOException {
    ProcessConfig process =
        new ProcessConfig(
            LINEAR,
            PredictionTarget.V,
            VarianceChoice.BETA_TILDE,
            scheduler.bound().equals(new Bound.Clip(1)) ? X0Range.CLIP_TO_DATA : X0Range.UNBOUNDED);

    OptionFile written = file(PythonJson.render(SchedulerWriter.options(process, scheduler)));

    assertThat(SchedulerOptions.read(written)).isEqualTo(scheduler);
    assertThat(ProcessOptions.read(written, scheduler)).isEqualTo(process);
  }

  @Test
  void options_dpmSolver_areThoseOfDiffusers() {
    ProcessConfig process =
        new ProcessConfig(
            LINEAR, PredictionTarget.EPSILON, VarianceChoice.BETA_TILDE, X0Range.UNBOUNDED);
    PublishedScheduler scheduler =
        linspace(dpm(Dpm.Form.MULTISTEP, Dpm.LastSteps.FALLING), End.CLEAN);

    assertThat(PythonJson.render(SchedulerWriter.options(process, scheduler)))
        .isEqualTo(
            """
            {
              "_class_name": "DPMSolverMultistepScheduler",
              "_diffusers_version": "0.40.0",
              "algorithm_type": "dpmsolver++",
              "beta_end": 0.02,
              "beta_schedule": "linear",
              "beta_start": 0.0001,
              "dynamic_thresholding_ratio": 0.995,
              "euler_at_final": false,
              "final_sigmas_type": "zero",
              "flow_shift": 1.0,
              "lambda_min_clipped": -Infinity,
              "lower_order_final": true,
              "num_train_timesteps": 1000,
              "prediction_type": "epsilon",
              "rescale_betas_zero_snr": false,
              "sample_max_value": 1.0,
              "solver_order": 2,
              "solver_type": "midpoint",
              "steps_offset": 0,
              "thresholding": false,
              "time_shift_type": "exponential",
              "timestep_spacing": "linspace",
              "trained_betas": null,
              "use_beta_sigmas": false,
              "use_dynamic_shifting": false,
              "use_exponential_sigmas": false,
              "use_flow_sigmas": false,
              "use_karras_sigmas": false,
              "use_lu_lambdas": false,
              "variance_type": null
            }
            """);
  }

  @Test
  void options_zeroTerminalSnrOfAClassWithoutIt_isRefused() {
    ProcessConfig process =
        new ProcessConfig(
            new ScheduleConfig.ZeroTerminalSnr(LINEAR),
            PredictionTarget.V,
            VarianceChoice.BETA_TILDE,
            X0Range.UNBOUNDED);

    assertThatThrownBy(() -> SchedulerWriter.options(process, linspace(Plain.HEUN, End.CLEAN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("HeunDiscreteScheduler has no zero terminal SNR");
  }

  /** Files keep options of the class that they were made from; diffusers passes over them. */
  @Test
  void read_optionsOfAnotherClass_areWithoutEffect() throws IOException {
    PublishedScheduler read =
        read(
            """
            {"_class_name": "PNDMScheduler", "clip_sample": true, "use_karras_sigmas": true,
             "final_sigmas_type": "zero", "solver_type": "heun"}
            """);

    assertThat(read).isEqualTo(leading(new Pndm(Pndm.Start.RUNGE_KUTTA), End.FIRST_LEVEL, NONE));
  }

  @Test
  void read_heunWithoutBetas_hasItsOwn() throws IOException {
    OptionFile file = file("{\"_class_name\": \"HeunDiscreteScheduler\"}");

    assertThat(ProcessOptions.read(file, SchedulerOptions.read(file)).schedule())
        .isEqualTo(new ScheduleConfig.Linear(1000, 0.00085, 0.012));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          DPMSolverMultistep | "use_flow_sigmas": true        | use_flow_sigmas true is not supported yet
          DPMSolverMultistep | "solver_order": 4              | solver_order is 4; allowed: 1…3
          DPMSolverMultistep | "algorithm_type": "sde"        | algorithm_type is "sde"; allowed: dpmsolver++
          DPMSolverMultistep | "lambda_min_clipped": -5.1     | lambda_min_clipped -5.1 is not supported yet
          DPMSolverMultistep | "dynamic_thresholding_ratio": 2, "thresholding": true | dynamic_thresholding_ratio is 2.0
          DPMSolverSinglestep | "algorithm_type": "sde-dpmsolver" | algorithm_type is "sde-dpmsolver"; allowed
          EulerDiscrete      | "use_beta_sigmas": true        | use_beta_sigmas true is not supported yet
          EulerDiscrete      | "interpolation_type": "log_linear" | interpolation_type "log_linear" is not supported
          EulerDiscrete      | "timestep_type": "continuous"  | timestep_type "continuous" is not supported yet
          EulerDiscrete      | "sigma_min": 0.1               | sigma_min 0.1 is not supported yet; supported: null
          UniPCMultistep     | "solver_type": "bh3"           | solver_type is "bh3"; allowed: bh1, bh2
          LMSDiscrete        | "timestep_spacing": "cubic"    | timestep_spacing is "cubic"; allowed: linspace
          DEISMultistep      | "algorithm_type": "sde"        | algorithm_type "sde" is not supported yet
          EulerDiscrete      | "final_sigmas_type": "one"     | final_sigmas_type is "one"; allowed: zero, sigma_min
          """)
  void read_whatNoSamplerDoes_isRefusedByName(String scheduler, String option, String message) {
    assertThatThrownBy(
            () -> read("{\"_class_name\": \"%sScheduler\", %s}".formatted(scheduler, option)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("scheduler_config.json: " + message);
  }

  private static PublishedScheduler leading(PublishedSolver solver, End end, Bound bound) {
    return new PublishedScheduler(solver, Spacing.LEADING, 0, Sigmas.OF_TIMES, end, bound);
  }

  private static PublishedScheduler linspace(PublishedSolver solver, End end) {
    return new PublishedScheduler(solver, Spacing.LINSPACE, 0, Sigmas.OF_TIMES, end, NONE);
  }

  private static Dpm dpm(Dpm.Form form, Dpm.LastSteps last) {
    return new Dpm(form, 2, Dpm.Algorithm.DPMSOLVER_PLUS_PLUS, Dpm.SolverType.MIDPOINT, last);
  }

  private PublishedScheduler read(String json) throws IOException {
    return SchedulerOptions.read(file(json));
  }

  private OptionFile file(String json) throws IOException {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(file, json);
    return OptionFile.read(file);
  }
}
