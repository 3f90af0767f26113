package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every option of every class: it is kept from file to file, is without effect, or is refused; the
 * options are those of diffusers, see golden/schedulers/PROVENANCE.md.
 */
class SchedulerKeysTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Option, a value that is not the default, and what it needs beside it. */
  private static final String KEPT =
      """
      num_train_timesteps | 500
      beta_start | 0.001
      beta_end | 0.015
      beta_schedule | "scaled_linear"
      trained_betas | [0.1, 0.2]
      prediction_type | "v_prediction"
      variance_type | "learned_range"
      clip_sample | true
      clip_sample_range | 2.5 | "clip_sample": true
      thresholding | true
      dynamic_thresholding_ratio | 0.9 | "thresholding": true
      sample_max_value | 2.5 | "thresholding": true
      timestep_spacing | "trailing"
      steps_offset | 1
      rescale_betas_zero_snr | true
      set_alpha_to_one | true
      skip_prk_steps | true
      use_karras_sigmas | true
      use_exponential_sigmas | true
      use_beta_sigmas | true
      use_lu_lambdas | true
      interpolation_type | "log_linear"
      sigma_min | 0.25
      sigma_max | 40.0
      sigma_data | 0.75
      sigma_schedule | "exponential"
      rho | 5.0
      final_sigmas_type | "sigma_min"
      solver_order | 3
      lower_order_final | true
      euler_at_final | true
      lambda_min_clipped | -5.1
      predict_x0 | false
      disable_corrector | [0, 2]
      algorithm_type | "sde-dpmsolver++"
      solver_type | "heun"
      noise_sampler_seed | 7
      original_inference_steps | 40
      timestep_scaling | 5.0
      s_noise | 1.01
      clip_denoised | false
      predictor_order | 3
      corrector_order | 4
      """;

  /** Options that say nothing unless another one, which is refused, is chosen. */
  private static final String IDLE =
      """
      flow_shift | 3.0
      time_shift_type | "linear"
      timestep_type | "continuous"
      """;

  private static final String REFUSED =
      """
      use_flow_sigmas | true
      use_dynamic_shifting | true
      shift_terminal | 0.1
      solver_p | {}
      tau_func | {}
      """;

  /** Where the class knows other words, or has one way only. */
  private static final Map<String, String> OTHER_WORDS =
      Map.ofEntries(
          Map.entry("UniPCMultistepScheduler.solver_type", "\"bh1\""),
          Map.entry("DEISMultistepScheduler.solver_type", "\"logrho\""),
          Map.entry("DEISMultistepScheduler.algorithm_type", "\"deis\""),
          Map.entry("DDIMScheduler.set_alpha_to_one", "false"),
          Map.entry("DPMSolverMultistepScheduler.lower_order_final", "false"),
          Map.entry("UniPCMultistepScheduler.lower_order_final", "false"),
          Map.entry("DEISMultistepScheduler.lower_order_final", "false"),
          Map.entry("EDMDPMSolverMultistepScheduler.lower_order_final", "false"),
          Map.entry("DDIMScheduler.clip_sample", "false"),
          Map.entry("DDPMScheduler.clip_sample", "false"),
          Map.entry("DDPMParallelScheduler.clip_sample", "false"),
          Map.entry("DDIMParallelScheduler.clip_sample", "false"),
          Map.entry("DDIMInverseScheduler.clip_sample", "false"),
          Map.entry("DDIMParallelScheduler.set_alpha_to_one", "false"),
          Map.entry("DDIMInverseScheduler.set_alpha_to_one", "false"),
          Map.entry("LCMScheduler.set_alpha_to_one", "false"),
          Map.entry("TCDScheduler.set_alpha_to_one", "false"),
          Map.entry("SASolverScheduler.algorithm_type", "\"noise_prediction\""),
          Map.entry("SASolverScheduler.lower_order_final", "false"),
          Map.entry("DPMSolverMultistepInverseScheduler.lower_order_final", "false"),
          Map.entry("DPMSolverMultistepInverseScheduler.algorithm_type", "\"dpmsolver\""));

  /** Kept by others, and refused by these. */
  private static final Set<String> REFUSED_BY_SOME = Set.of("IPNDMScheduler.trained_betas");

  @TempDir private Path folder = Path.of(".");

  /** An option of a class with a value. */
  record Case(String className, String key, String value, String others) {
    String config() {
      String more = others.isEmpty() ? "" : ", " + others;
      return "{\"_class_name\": \"%s\", \"%s\": %s%s}".formatted(className, key, value, more);
    }

    @Override
    public String toString() {
      return className + "." + key + " = " + value;
    }
  }

  static Stream<Case> kept() throws Exception {
    return cases(KEPT);
  }

  static Stream<Case> idle() throws Exception {
    return cases(IDLE);
  }

  static Stream<Case> refused() throws Exception {
    return cases(REFUSED);
  }

  private static Stream<Case> cases(String table) throws Exception {
    List<Case> cases = new ArrayList<>();
    signatures()
        .forEach(
            (className, defaults) ->
                rows(table)
                    .forEach(
                        (key, row) -> {
                          if (defaults.has(key)
                              && !REFUSED_BY_SOME.contains(className + "." + key)) {
                            cases.add(
                                new Case(
                                    className,
                                    key,
                                    OTHER_WORDS.getOrDefault(className + "." + key, row[1]),
                                    row.length > 2 ? row[2] : ""));
                          }
                        }));
    return cases.stream();
  }

  private static Map<String, String[]> rows(String table) {
    Map<String, String[]> rows = new TreeMap<>();
    table.lines().map(line -> line.split(" \\| ")).forEach(row -> rows.put(row[0], row));
    return rows;
  }

  static Stream<String> classes() throws Exception {
    return signatures().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("classes")
  void of_class_isItsSignature(String className) throws Exception {
    List<String> tables = new ArrayList<>();
    List.of(KEPT, IDLE, REFUSED).forEach(table -> tables.addAll(rows(table).keySet()));
    TreeSet<String> names = new TreeSet<>(signature(className).propertyNames());

    assertThat(SchedulerKeys.of(className)).isEqualTo(names);
    assertThat(tables).as("tables of this test").containsAll(names).doesNotHaveDuplicates();
    assertThat(SchedulerKeys.classes()).isEqualTo(signatures().keySet());
  }

  /** Nothing but the class is read, and all that diffusers would write is written. */
  @ParameterizedTest
  @MethodSource("classes")
  void options_ofDefaults_areTheSignature(String className) throws Exception {
    ObjectNode written = rewritten("{\"_class_name\": \"%s\"}".formatted(className));

    ObjectNode expected = signature(className).deepCopy();
    expected.put("_class_name", className);
    expected.put("_diffusers_version", DiffusersPipeline.DIFFUSERS_VERSION);
    assertThat(values(written)).isEqualTo(values(expected));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void options_ofOneThatIsKept_sayTheSame(Case one) throws Exception {
    assertThat(value(rewritten(one.config()), one.key()))
        .isEqualTo(JSON.readTree(one.value()).toString());
  }

  @ParameterizedTest
  @MethodSource("idle")
  void read_idleOption_isWithoutEffect(Case one) throws Exception {
    String plain = "{\"_class_name\": \"%s\"}".formatted(one.className());

    assertThat(SchedulerOptions.read(file(one.config())))
        .isEqualTo(SchedulerOptions.read(file(plain)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void read_refusedOption_isNamedWithAReason(Case one) throws Exception {
    OptionFile file = file(one.config());

    assertThatThrownBy(() -> SchedulerOptions.read(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(": %s %s is not supported: a ".formatted(one.key(), one.value()));
  }

  private ObjectNode rewritten(String json) throws Exception {
    OptionFile file = file(json);
    PublishedScheduler scheduler = SchedulerOptions.read(file);
    String text =
        PythonJson.render(SchedulerWriter.options(ProcessOptions.read(file, scheduler), scheduler));
    return (ObjectNode) JSON.readTree(text);
  }

  private static Map<String, String> values(ObjectNode options) {
    Map<String, String> values = new HashMap<>();
    options.propertyNames().forEach(name -> values.put(name, value(options, name)));
    return values;
  }

  private static String value(JsonNode options, String name) {
    return Optional.ofNullable(options.get(name)).map(JsonNode::toString).orElse("missing");
  }

  private static ObjectNode signature(String className) throws Exception {
    return Objects.requireNonNull(signatures().get(className));
  }

  private static Map<String, ObjectNode> signatures() throws Exception {
    Map<String, ObjectNode> signatures = new TreeMap<>();
    for (String file : List.of("signatures.json", "more_signatures.json")) {
      Path path =
          Path.of(
              Objects.requireNonNull(
                      SchedulerKeysTest.class.getResource("/golden/schedulers/" + file), file)
                  .toURI());
      JsonNode all = JSON.readTree(Files.readString(path));
      for (String name : all.propertyNames()) {
        signatures.put(name, (ObjectNode) all.get(name));
      }
    }
    return signatures;
  }

  private OptionFile file(String json) throws Exception {
    Path file = folder.resolve("scheduler_config.json");
    Files.writeString(file, json);
    return OptionFile.read(file);
  }
}
