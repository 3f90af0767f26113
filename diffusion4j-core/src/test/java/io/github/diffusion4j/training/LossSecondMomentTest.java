package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LossSecondMomentTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void probabilities_afterEachUpdate_equalTheirs() throws Exception {
    URL file = getClass().getResource("/golden/gaussian_diffusion/resampler.json");
    JsonNode golden =
        JsonMapper.shared()
            .readTree(Path.of(Objects.requireNonNull(file).toURI()))
            .get("loss_second_moment_resampler");
    int steps = golden.get("num_timesteps").intValue();
    try (LossSecondMoment sampler =
        new LossSecondMoment(
            steps,
            golden.get("history_per_term").intValue(),
            golden.get("uniform_prob").doubleValue())) {
      for (JsonNode update : golden.get("updates")) {
        double[] times = doubles(update.get("ts"));
        int[] t = IntStream.range(0, times.length).map(n -> (int) times[n] + 1).toArray();
        sampler.observe(t, Tensor.of(doubles(update.get("losses")), t.length));

        double[] weights = doubles(update.get("weights"));
        double sum = IntStream.range(0, steps).mapToDouble(i -> weights[i]).sum();
        for (int i = 0; i < steps; i++) {
          assertThat(sampler.probabilities()[i]).isCloseTo(weights[i] / sum, within(1e-9));
        }
      }
      assertNumbers(sampler.probabilities()).areCloseTo(doubles(golden.get("p")), 1e-9);
      assertNumbers(sampler.weights(IntStream.rangeClosed(1, steps).toArray()))
          .areCloseTo(doubles(golden.get("importance_weights_for_each_index")), 1e-9);
    }
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  /** Weighted losses have the mean that uniform times have, whatever was seen before. */
  @Test
  void weights_ofManyDraws_giveTheUniformMean() {
    try (LossSecondMoment sampler = new LossSecondMoment(5, 2, 0.01)) {
      double[] losses = {9, 3, 1, 0.3, 0.1};
      for (int k = 0; k < 2; k++) {
        sampler.observe(new int[] {1, 2, 3, 4, 5}, Tensor.of(losses, 5));
      }
      int count = 50_000;
      int[] t = sampler.draw(count, Seed.of(1));
      double[] weights = sampler.weights(t);
      double mean =
          IntStream.range(0, count).mapToDouble(n -> weights[n] * losses[t[n] - 1]).sum() / count;

      assertThat(mean).isCloseTo(13.4 / 5, within(1e-3));
      // With the losses as they were, each draw tells almost the same: that is the point of it.
      double[] each =
          IntStream.range(0, 5).mapToDouble(i -> sampler.weights(i + 1)[0] * losses[i]).toArray();
      assertThat(each[0]).isCloseTo(each[1], within(0.02 * each[0]));
    }
  }

  @Test
  void state_copied_givesTheSameDraws() {
    try (LossSecondMoment one = new LossSecondMoment(4, 2, 0.001);
        LossSecondMoment other = new LossSecondMoment(4, 2, 0.001);
        NoGrad off = NoGrad.open()) {
      for (int k = 0; k < 3; k++) {
        one.observe(new int[] {1, 2, 3, 4}, Tensor.of(new double[] {k + 1, 0.5, 0.1, k}, 4));
      }
      one.state()
          .forEach(
              (name, vector) ->
                  Objects.requireNonNull(other.state().get(name)).copyInPlace(vector));

      assertThat(other.probabilities()).isEqualTo(one.probabilities());
      assertThat(other.draw(9, Seed.of(1))).isEqualTo(one.draw(9, Seed.of(1)));
      assertThat(one.draw(4, Seed.of(1)))
          .isNotEqualTo(TimestepSampler.stratified(4).draw(4, Seed.of(1)));
    }
  }
}
