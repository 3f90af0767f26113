package io.github.diffusion4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** timestep_respacing; see golden/gaussian_diffusion/PROVENANCE.md. */
class RespacingTest {
  private static JsonNode golden(String name) throws IOException {
    try (InputStream in =
        RespacingTest.class.getResourceAsStream(
            "/golden/gaussian_diffusion/space_timesteps.json")) {
      return new JsonMapper().readTree(Objects.requireNonNull(in)).path(name);
    }
  }

  static Stream<JsonNode> specs() throws IOException {
    return golden("space_timesteps").valueStream();
  }

  static Stream<JsonNode> refused() throws IOException {
    return golden("space_timesteps_errors").valueStream();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void respaced_anySpec_equalsSpaceTimesteps(JsonNode golden) {
    SubSequence tau =
        SubSequence.respaced(golden.path("T").intValue(), golden.path("spec").stringValue());

    assertThat(IntStream.rangeClosed(1, tau.length()).map(s -> tau.t(s) - 1))
        .containsExactlyElementsOf(
            golden.path("steps").valueStream().map(JsonNode::intValue).toList());
  }

  @ParameterizedTest
  @MethodSource("refused")
  void respaced_refusedSpec_isRefused(JsonNode golden) {
    int steps = golden.path("T").intValue();
    String spec = golden.path("spec").stringValue();

    assertThatThrownBy(() -> SubSequence.respaced(steps, spec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ddim49 | no whole distance takes exactly 49 of 1000 steps; allowed near it: 48, 50",
        "ddim1 | number of strided steps is 1; allowed: 2…1000",
        "1001 | 1001 steps are wanted of a section of 1000; allowed: 0…1000",
        "-1 | -1 steps are wanted of a section of 1000; allowed: 0…1000",
        "0 | a sub-sequence has at least one step; got none",
        "10,x | the respacing is \"10,x\"; allowed: numbers of steps such as 10,20,30, or one such as ddim50",
        "10, | the respacing is \"10,\"; allowed: numbers of steps such as 10,20,30, or one such as ddim50"
      })
  void respaced_nonsense_saysWhatIsAllowed(String spec, String message) {
    assertThatThrownBy(() -> SubSequence.respaced(1000, spec)).hasMessage(message);
  }

  /** A section has both of its ends, and one section of all steps is all of them. */
  @Test
  void sections_anyCounts_haveTheEndsOfEachSection() {
    SubSequence tau = SubSequence.sections(10, 2, 3);

    assertThat(tau).hasToString("[1, 5, 6, 8, 10]");
    assertThat(SubSequence.sections(7, 7)).hasToString(SubSequence.all(7).toString());
  }
}
