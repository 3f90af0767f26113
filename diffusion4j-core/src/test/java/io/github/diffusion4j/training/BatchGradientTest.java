package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Crew;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerics")
final class BatchGradientTest {
  private static final int STEPS = 1000;
  private static final Seed DRAW = Seed.of(5);

  private final Scope scope = Scope.open();
  private final UNet network = new UNet(TestExperiments.unconditional(), Seed.of(1));
  private final ParameterVector weights = new ParameterVector(network.parameters());
  private final LossSecondMoment timesteps = new LossSecondMoment(STEPS, 1, 0.1);
  private final TrainingStep step = step(0);
  private final Tensor x0 = Seed.of(2).uniform(7, 1, 8, 8).times(2).minus(1);

  @AfterEach
  void close() {
    timesteps.close();
    weights.close();
    network.close();
    scope.close();
  }

  /** The sum over the parts is the backward pass of Algorithm 1 over the whole batch. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void add_anyNumberOfParts_isTheGradientOfTheMeanLoss(int parts) {
    step.loss(x0, Optional.empty(), DRAW).backward();
    double loss = step.loss(x0, Optional.empty(), DRAW).item();
    double[] expected = FlatGradient.of(weights);
    weights.clearGradients();

    double actual = addInParts(parts, step, 1);

    assertThat(actual).isCloseTo(loss, within(1e-6));
    assertNumbers(FlatGradient.of(weights)).areCloseTo(expected, 2e-6);
    assertThat(Arrays.stream(expected).map(Math::abs).max().orElseThrow()).isGreaterThan(1e-2);
  }

  @Test
  void add_withAFactor_multipliesLossAndGradientAndKeepsWhatWasThere() {
    double loss = addInParts(2, step, 1);
    double[] once = FlatGradient.of(weights);

    assertThat(addInParts(2, step, 0.5)).isCloseTo(loss / 2, within(1e-9));
    double[] sum = Arrays.stream(once).map(g -> 1.5 * g).toArray();
    assertNumbers(FlatGradient.of(weights)).areCloseTo(sum, 1e-6);
  }

  /** Dropout too: what a thread drops follows from the seed and its part. */
  @Test
  void add_equalParts_givesEqualBits() {
    TrainingStep dropping = step(0.3);
    addInParts(3, dropping, 1);
    double[] first = FlatGradient.of(weights);
    weights.clearGradients();
    addInParts(3, dropping, 1);

    assertThat(FlatGradient.of(weights)).containsExactly(first);
  }

  @Test
  void add_timesThatLearnFromLosses_hearAllOfThem() {
    addInParts(3, step, 1);

    Tensor counts = Objects.requireNonNull(timesteps.state().get("counts"));
    long heard = Arrays.stream(counts.toLongs()).sum();
    int[] t = timesteps.draw(7, DRAW.derive("t"));
    assertThat(heard).isEqualTo(Arrays.stream(t).distinct().count());
  }

  @Test
  void add_aPartFails_saysWhyAfterAllAreDone() {
    Tensor wrong = Seed.of(2).uniform(4, 3, 8, 8);
    try (BatchGradient gradient = gradient(2, step)) {
      assertThatThrownBy(() -> gradient.add(wrong, Optional.empty(), DRAW, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private double addInParts(int parts, TrainingStep first, double factor) {
    try (BatchGradient gradient = gradient(parts, first)) {
      return gradient.add(x0, Optional.empty(), DRAW, factor);
    }
  }

  private BatchGradient gradient(int parts, TrainingStep first) {
    return new BatchGradient(
        new Crew(parts),
        new BatchGradient.Look(network, weights, first),
        () -> new UNet(TestExperiments.unconditional(), Seed.of(9)));
  }

  private TrainingStep step(double dropout) {
    SimpleLoss loss = new SimpleLoss(Prediction.EPSILON, new LossWeighting.Uniform());
    return new TrainingStep(
        network,
        new ForwardProcess(LinearSchedule.ddpm()),
        new TrainingStep.Objective(timesteps, loss, dropout));
  }
}
