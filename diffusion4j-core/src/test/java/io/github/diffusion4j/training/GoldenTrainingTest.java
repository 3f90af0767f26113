package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Trains next to diffusers and torch, on the same data, times and noise. */
@Tag("numerics")
class GoldenTrainingTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final int WARMUP = 10;
  private static final int STEPS = 100;

  @Test
  void adam_twelveSteps_givesLossesNormsAndWeightsOfDiffusers() throws IOException {
    JsonNode expected = expected();
    try (Scope scope = Scope.open();
        Network network = DiffusersPipeline.read(FOLDER.resolve("unet/tiny")).load();
        ParameterVector weights = new ParameterVector(network.parameters());
        Adam adam = new Adam(weights.all(), plainAdam())) {
      Map<String, Tensor> golden = Safetensors.read(FOLDER.resolve("training/adam.safetensors"));
      TrainingStep step = step(network);
      for (int k = 0; k < 12; k++) {
        weights.clearGradients();
        Tensor loss = loss(step, golden, k);
        loss.backward();

        assertClose(loss.item(), expected.get("losses").get(k), 1e-5);
        double norm = Tensors.norm(weights.gradients());
        assertClose(norm, expected.get("gradientNorms").get(k), 1e-4);
        adam.step(k + 1, 1e-3);
      }
      Set<String> undetermined = gradientIsZero();
      network.parameters().keySet().stream()
          .filter(name -> !undetermined.contains(name))
          .forEach(name -> assertSameWeights(name, network.parameters(), golden));
    }
  }

  /** Warm-up, and decay where there is no warm-up, are diffusers'. */
  @ParameterizedTest
  @CsvSource({"constant_with_warmup, CONSTANT", "linear, LINEAR", "cosine, COSINE"})
  void learningRate_ofDiffusers_agreesWhereTheFormulasAreMeantTo(
      String name, LearningRate.Decay decay) {
    LearningRate rising = new LearningRate(1, WARMUP, LearningRate.Decay.CONSTANT);
    expected()
        .get("learningRate")
        .get(name)
        .properties()
        .forEach(
            entry -> {
              long done = Long.parseLong(entry.getKey());
              double wanted = entry.getValue().doubleValue();
              if (done <= WARMUP) {
                assertThat(rising.at(done, 0)).isCloseTo(wanted, within(1e-12));
              } else if (done <= STEPS) {
                double progress = (double) (done - WARMUP) / (STEPS - WARMUP);
                assertThat(new LearningRate(1, 0, decay).at(done, progress))
                    .isCloseTo(wanted, within(1e-12));
              }
            });
  }

  @ParameterizedTest
  @CsvSource({"power2/3, 0.66666666666666667", "power3/4, 0.75"})
  void emaDecay_rising_isThatOfDiffusers(String name, double power) {
    Ema.Decay decay = Ema.Decay.rising(0.9999, 1, power);
    expected()
        .get("emaDecay")
        .get(name)
        .properties()
        .forEach(
            entry ->
                assertThat(decay.at(Long.parseLong(entry.getKey())))
                    .as(entry.getKey())
                    .isCloseTo(entry.getValue().doubleValue(), within(1e-12)));
  }

  private static TrainingStep step(Network network) {
    SimpleLoss loss = new SimpleLoss(Prediction.EPSILON, new LossWeighting.Uniform());
    return new TrainingStep(
        network,
        new ForwardProcess(LinearSchedule.ddpm()),
        new TrainingStep.Objective(TimestepSampler.uniform(1000), loss, 0));
  }

  private static Tensor loss(TrainingStep step, Map<String, Tensor> golden, int k) {
    Tensor x0 = requireNonNull(golden.get("data/x0")).select(0, k);
    Tensor noise = requireNonNull(golden.get("data/noise")).select(0, k);
    long[] zeroBased = requireNonNull(golden.get("data/t")).select(0, k).toLongs();
    int[] t = Arrays.stream(zeroBased).mapToInt(time -> (int) time + 1).toArray();
    return step.loss(x0, Optional.empty(), TrainingStep.Draw.given(noise, t));
  }

  private static void assertClose(double actual, JsonNode expected, double relative) {
    double wanted = expected.doubleValue();
    assertThat(actual).isCloseTo(wanted, within(relative * wanted));
  }

  private static void assertSameWeights(
      String name, Map<String, Tensor> parameters, Map<String, Tensor> golden) {
    double[] wanted = requireNonNull(golden.get("final/" + name)).toDoubles();
    assertNumbers(requireNonNull(parameters.get(name)).toDoubles())
        .as(name)
        .areCloseTo(wanted, 1e-5);
  }

  private static Adam.Constants plainAdam() {
    return new Adam.Constants(0.9, 0.999, 1e-8, 0, Adam.Pull.BY_GRADIENT);
  }

  private static Set<String> gradientIsZero() {
    Set<String> names = new HashSet<>();
    JsonNode tiny = JsonMapper.shared().readTree(FOLDER.resolve("unet/tiny/expected.json"));
    tiny.get("gradientIsZero").values().forEach(name -> names.add(name.stringValue()));
    return names;
  }

  private static JsonNode expected() {
    return JsonMapper.shared().readTree(FOLDER.resolve("training/expected.json"));
  }
}
