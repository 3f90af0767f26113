package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.checkpoint.PublishedScheduler.Bound;
import io.github.diffusion4j.checkpoint.PublishedScheduler.End;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Sigmas;
import io.github.diffusion4j.checkpoint.PublishedScheduler.Spacing;
import io.github.diffusion4j.checkpoint.PublishedSolver.Consistency;
import io.github.diffusion4j.checkpoint.PublishedSolver.Deis;
import io.github.diffusion4j.checkpoint.PublishedSolver.Distilled;
import io.github.diffusion4j.checkpoint.PublishedSolver.Dpm;
import io.github.diffusion4j.checkpoint.PublishedSolver.DpmSde;
import io.github.diffusion4j.checkpoint.PublishedSolver.LastOrder;
import io.github.diffusion4j.checkpoint.PublishedSolver.Plain;
import io.github.diffusion4j.checkpoint.PublishedSolver.Pndm;
import io.github.diffusion4j.checkpoint.PublishedSolver.SaSolver;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedSchedulerTest {
  private static final Bound NONE = new Bound.None();
  private static final ScheduleConfig.Plain LINEAR = new ScheduleConfig.Linear(1000, 1e-4, 0.02);

  private static final ScheduleConfig EDM =
      new ScheduleConfig.Edm(400, 0.01, 70, 0.6, ScheduleConfig.Edm.Spacing.EXPONENTIAL, 5);

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
        linspace(new Deis(2, LastOrder.FALLING), End.FIRST_LEVEL),
        linspace(Plain.EDM_EULER, End.CLEAN),
        linspace(dpm(Dpm.Form.EDM_MULTISTEP, Dpm.LastSteps.FALLING), End.CLEAN),
        leading(Plain.DDPM_PARALLEL, End.CLEAN, new Bound.Clip(1)),
        leading(Plain.DDIM_PARALLEL, End.CLEAN, new Bound.Clip(1)),
        leading(Plain.DDIM_INVERSE, End.CLEAN, new Bound.Clip(1)),
        linspace(Plain.KDPM2, End.CLEAN),
        linspace(Plain.KDPM2_ANCESTRAL, End.CLEAN),
        linspace(Plain.IPNDM, End.CLEAN),
        linspace(dpm(Dpm.Form.INVERSE_MULTISTEP, Dpm.LastSteps.FALLING), End.CLEAN),
        linspace(new DpmSde(Optional.empty()), End.CLEAN),
        linspace(
            new SaSolver(
                2, 2, SaSolver.Target.DATA_PREDICTION, LastOrder.FALLING, Double.NEGATIVE_INFINITY),
            End.FIRST_LEVEL),
        leading(new Distilled(Distilled.Kind.LCM, 50, 10), End.CLEAN, NONE),
        leading(new Distilled(Distilled.Kind.TCD, 50, 10), End.CLEAN, NONE),
        new PublishedScheduler(
            new Consistency(1),
            Spacing.LINSPACE,
            0,
            Sigmas.OF_TIMES,
            End.CLEAN,
            new Bound.Clip(1)));
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void read_nothingButTheClass_hasItsDefaults(PublishedScheduler expected) throws IOException {
    String className = expected.solver().className();

    assertThat(read("{\"_class_name\": \"%s\"}".formatted(className))).isEqualTo(expected);
  }

  @Test
  void read_nothingAtAll_isAncestralSampling() throws IOException {
    assertThat(read("{}")).isEqualTo(leading(Plain.DDPM, End.CLEAN, new Bound.Clip(1)));
  }

  @Test
  void usual_ofOurModels_beginsAtTheLastTime() {
    ProcessConfig process =
        new ProcessConfig(
            LINEAR, PredictionTarget.EPSILON, VarianceChoice.BETA_TILDE, X0Range.CLIP_TO_DATA);

    assertThat(PublishedScheduler.usual(process))
        .isEqualTo(
            new PublishedScheduler(
                Plain.DDPM, Spacing.TRAILING, 0, Sigmas.OF_TIMES, End.CLEAN, new Bound.Clip(1)));
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
            threshold),
        new PublishedScheduler(
            new SaSolver(3, 4, SaSolver.Target.NOISE_PREDICTION, LastOrder.FULL, -4),
            Spacing.TRAILING,
            0,
            Sigmas.BETA,
            End.FIRST_LEVEL,
            threshold),
        new PublishedScheduler(
            new DpmSde(Optional.of(3)), Spacing.LEADING, 1, Sigmas.KARRAS, End.CLEAN, NONE),
        leading(new Distilled(Distilled.Kind.LCM, 20, 5), End.FIRST_LEVEL, threshold),
        linspace(new Consistency(1.01), End.CLEAN));
  }

  static Stream<PublishedScheduler> all() {
    return Stream.concat(defaults(), others());
  }

  @ParameterizedTest
  @MethodSource("all")
  void read_whatWasWritten_isTheSame(PublishedScheduler scheduler) throws IOException {
    ProcessConfig process = process(scheduler);

    OptionFile written = file(PythonJson.render(SchedulerWriter.options(process, scheduler)));

    assertThat(SchedulerOptions.read(written)).isEqualTo(scheduler);
    assertThat(ProcessOptions.read(written, scheduler)).isEqualTo(process);
  }

  private static ProcessConfig process(PublishedScheduler scheduler) {
    PublishedSolver solver = scheduler.solver();
    if (solver instanceof Consistency) {
      return new ProcessConfig(
          new ScheduleConfig.Edm(30, 0.01, 70, 0.6, ScheduleConfig.Edm.Spacing.KARRAS, 5),
          PredictionTarget.CONSISTENCY,
          VarianceChoice.BETA_TILDE,
          X0Range.UNBOUNDED);
    }
    ScheduleConfig schedule =
        solver == Plain.IPNDM
            ? new ScheduleConfig.SquaredSine(300)
            : solver.isOfEdm() ? EDM : LINEAR;
    return new ProcessConfig(
        schedule,
        PredictionTarget.V,
        VarianceChoice.BETA_TILDE,
        scheduler.bound().equals(new Bound.Clip(1)) ? X0Range.CLIP_TO_DATA : X0Range.UNBOUNDED);
  }

  /** What our own checkpoints of such processes say is a scheduler that has them. */
  @ParameterizedTest
  @MethodSource("unusual")
  void usual_ofAnotherProcess_isWrittenAndReadAgain(ProcessConfig process, PublishedSolver solver)
      throws IOException {
    PublishedScheduler usual = PublishedScheduler.usual(process);

    OptionFile written = file(PythonJson.render(SchedulerWriter.options(process, usual)));

    assertThat(usual.solver()).isEqualTo(solver);
    assertThat(SchedulerOptions.read(written)).isEqualTo(usual);
    assertThat(ProcessOptions.read(written, usual)).isEqualTo(process);
  }

  static Stream<Arguments> unusual() {
    ScheduleConfig.OfSteps zero = new ScheduleConfig.ZeroTerminalSnr(LINEAR);
    return Stream.of(
        Arguments.of(ofV(new ScheduleConfig.SquaredSine(400)), Plain.IPNDM),
        Arguments.of(ofV(new ScheduleConfig.LogSigmaTimes(LINEAR)), Plain.EULER),
        Arguments.of(ofV(new ScheduleConfig.LogSigmaTimes(zero)), Plain.EULER),
        Arguments.of(
            new ProcessConfig(
                new ScheduleConfig.Edm(30, 0.01, 70, 0.6, ScheduleConfig.Edm.Spacing.KARRAS, 5),
                PredictionTarget.CONSISTENCY,
                VarianceChoice.BETA_TILDE,
                X0Range.UNBOUNDED),
            new Consistency(1)));
  }

  private static ProcessConfig ofV(ScheduleConfig schedule) {
    return new ProcessConfig(
        schedule, PredictionTarget.V, VarianceChoice.BETA_TILDE, X0Range.UNBOUNDED);
  }

  @Test
  void read_continuousTime_isForVOnly() throws IOException {
    String euler =
        "{\"_class_name\": \"EulerDiscreteScheduler\", \"timestep_type\": \"continuous\"%s}";
    OptionFile ofNoise = file(euler.formatted(""));
    ScheduleConfig plain = ProcessOptions.read(ofNoise, SchedulerOptions.read(ofNoise)).schedule();
    OptionFile ofV = file(euler.formatted(", \"prediction_type\": \"v_prediction\""));

    assertThat(plain).isEqualTo(LINEAR);
    assertThat(ProcessOptions.read(ofV, SchedulerOptions.read(ofV)).schedule())
        .isEqualTo(new ScheduleConfig.LogSigmaTimes(LINEAR));
  }

  @Test
  void read_ipndmWithTable_isRefused() throws IOException {
    OptionFile file = file("{\"_class_name\": \"IPNDMScheduler\", \"trained_betas\": [1, 0]}");
    PublishedScheduler scheduler = SchedulerOptions.read(file);

    assertThatThrownBy(() -> ProcessOptions.read(file, scheduler))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(
            ": trained_betas [1,0] is not supported: a table of noise levels, not of betas; allowed for this class: null");
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

  @Test
  void options_solverOfAnotherProcess_isRefused() {
    ProcessConfig process =
        new ProcessConfig(EDM, PredictionTarget.V, VarianceChoice.BETA, X0Range.UNBOUNDED);

    assertThatThrownBy(() -> SchedulerWriter.options(process, linspace(Plain.HEUN, End.CLEAN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("HeunDiscreteScheduler is not for the process Edm");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "prediction_type": "sample"    | prediction_type is "sample"; allowed: epsilon, v_prediction
          "sigma_schedule": "linear"     | sigma_schedule is "linear"; allowed: karras, exponential
          "sigma_min": 0                 | process.schedule.sigmaMin is 0.0; allowed: a number above 0
          "sigma_max": 0.001             | process.schedule.sigmaMax is 0.001; allowed: a number above
          "rho": -1                      | process.schedule.rho is -1.0; allowed: a number above 0
          "sigma_data": "half"           | sigma_data is "half"; allowed: a number
          """)
  void read_processThatIsNotEdm_isRefused(String option, String message) throws IOException {
    OptionFile file = file("{\"_class_name\": \"EDMEulerScheduler\", %s}".formatted(option));
    PublishedScheduler scheduler = SchedulerOptions.read(file);

    assertThatThrownBy(() -> ProcessOptions.read(file, scheduler))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(folder.resolve("scheduler_config.json") + ": " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RePaintScheduler",
        "ScoreSdeVeScheduler",
        "ScoreSdeVpScheduler",
        "KarrasVeScheduler",
        "DDPMWuerstchenScheduler",
        "VQDiffusionScheduler",
        "CosineDPMSolverMultistepScheduler",
        "FlowMatchEulerDiscreteScheduler"
      })
  void read_otherClass_isRefusedByName(String className) {
    assertThatThrownBy(() -> read("{\"_class_name\": \"%s\"}".formatted(className)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s: _class_name \"%s\" is not supported yet; supported: %s"
                .formatted(
                    folder.resolve("scheduler_config.json"),
                    className,
                    String.join(", ", SchedulerKeys.classes())));
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
          DPMSolverMultistep | "use_flow_sigmas": true        | use_flow_sigmas true is not supported: a network of flow matching is no DDPM
          DEISMultistep      | "use_dynamic_shifting": true   | use_dynamic_shifting true is not supported: a network of flow matching
          UniPCMultistep     | "shift_terminal": 0.1          | shift_terminal 0.1 is not supported: a network of flow matching
          UniPCMultistep     | "solver_p": {"a": 1}           | solver_p {"a":1} is not supported: a scheduler within a scheduler
          DPMSolverMultistep | "solver_order": 4              | solver_order is 4; allowed: 1…3
          DPMSolverMultistep | "algorithm_type": "sde"        | algorithm_type is "sde"; allowed: dpmsolver++
          DPMSolverMultistep | "lambda_min_clipped": "low"    | lambda_min_clipped is "low"; allowed: a number
          DPMSolverMultistep | "lambda_min_clipped": NaN      | lambda_min_clipped is NaN; allowed: a number, or -Infinity
          DPMSolverMultistep | "use_lu_lambdas": true, "use_karras_sigmas": true | use_karras_sigmas true is not supported: only one spacing
          DPMSolverMultistep | "dynamic_thresholding_ratio": 2, "thresholding": true | dynamic_thresholding_ratio is 2.0
          DPMSolverSinglestep | "algorithm_type": "sde-dpmsolver" | algorithm_type is "sde-dpmsolver"; allowed
          EulerDiscrete      | "use_beta_sigmas": true, "interpolation_type": "log_linear" | use_beta_sigmas true is not supported: only one
          EulerDiscrete      | "interpolation_type": "cubic"  | interpolation_type is "cubic"; allowed: linear, log_linear
          EulerDiscrete      | "timestep_type": "seconds"     | timestep_type "seconds" is not supported yet; supported: discrete, continuous
          UnCLIP             | "clip_sample": true            | _class_name "UnCLIPScheduler" is not supported: it is DDPM for networks that are shown an embedding of CLIP
          SASolver           | "predictor_order": 5           | predictor_order is 5; allowed: 1…4
          SASolver           | "corrector_order": 0           | corrector_order is 0; allowed: 1…4
          SASolver           | "algorithm_type": "dpmsolver"  | algorithm_type is "dpmsolver"; allowed: data_prediction, noise_prediction
          SASolver           | "tau_func": "t"                | tau_func "t" is not supported: a program in a file; allowed: null
          LCM                | "original_inference_steps": 0  | original_inference_steps is 0; allowed: 1 or more
          CMStochasticIterative | "s_noise": -1               | s_noise is -1.0; allowed: 0 or more
          DDIMInverse        | "timestep_spacing": "linspace" | timestep_spacing is "linspace"; allowed: leading, trailing
          DPMSolverMultistepInverse | "algorithm_type": "sde-dpmsolver++" | algorithm_type is "sde-dpmsolver++"; allowed: dpmsolver++, dpmsolver
          EulerDiscrete      | "sigma_min": 0                 | sigma_min is 0.0; allowed: above 0
          EulerDiscrete      | "sigma_min": 2, "sigma_max": 1 | sigma_max is 1.0; allowed: above sigma_min = 2.0
          UniPCMultistep     | "solver_type": "bh3"           | solver_type is "bh3"; allowed: bh1, bh2
          LMSDiscrete        | "timestep_spacing": "cubic"    | timestep_spacing is "cubic"; allowed: linspace
          DEISMultistep      | "algorithm_type": "sde"        | algorithm_type "sde" is not supported yet
          EulerDiscrete      | "final_sigmas_type": "one"     | final_sigmas_type is "one"; allowed: zero, sigma_min
          EDMDPMSolverMultistep | "algorithm_type": "dpmsolver" | algorithm_type is "dpmsolver"; allowed: dpmsolver++, sde-dpmsolver++
          EDMDPMSolverMultistep | "final_sigmas_type": "sigma" | final_sigmas_type is "sigma"; allowed: zero, sigma_min
          """)
  void read_whatNoSamplerDoes_isRefusedByName(String scheduler, String option, String message) {
    assertThatThrownBy(
            () -> read("{\"_class_name\": \"%sScheduler\", %s}".formatted(scheduler, option)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(folder.resolve("scheduler_config.json") + ": " + message);
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
