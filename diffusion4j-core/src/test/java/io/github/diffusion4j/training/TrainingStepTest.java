package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NetworkInput;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.Predictions;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("numerics")
class TrainingStepTest {
  private static final ForwardProcess PROCESS = new ForwardProcess(LinearSchedule.ddpm());
  private static final int[] TIMES = {1, 1000};

  private Scope scope;
  private UNet network;
  private Tensor x0;

  @BeforeEach
  void open() {
    scope = Scope.open();
    network = new UNet(tiny(), Seed.of(1));
    x0 = Seed.of(2).uniform(2, 1, 8, 8).times(2).minus(1);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @EnumSource
  void loss_givenTimesAndNoise_isLineFiveOfTheAlgorithm(Predictions kind) {
    Prediction prediction = kind.get();
    Tensor epsilon = Seed.of(3).normal(2, 1, 8, 8);
    Tensor xt = PROCESS.sample(x0, TIMES, epsilon);
    Tensor zeroBased = Tensor.of(new long[] {0, 999}, 2);
    Tensor output = network.forward(xt, zeroBased, Optional.empty(), Dropout.NONE);
    Tensor target = prediction.target(x0, epsilon, PROCESS.levels(TIMES));

    double loss =
        step(prediction).loss(x0, Optional.empty(), TrainingStep.Draw.given(epsilon, TIMES)).item();

    assertThat(loss).isCloseTo(target.minus(output).square().mean().item(), within(1e-6));
  }

  /** The network is asked in EDM's way about images that a process of T steps made noisy. */
  @Test
  void loss_preconditioned_isTheSquaredErrorOfF() {
    Prediction prediction = Prediction.preconditioned(0.5);
    NetworkInput input = NetworkInput.preconditioned(0.5);
    Tensor epsilon = Seed.of(3).normal(2, 1, 8, 8);
    BatchLevels levels = PROCESS.levels(TIMES);
    Tensor seen = input.images(PROCESS.sample(x0, TIMES, epsilon), levels);
    Tensor output = network.forward(seen, input.time(levels), Optional.empty(), Dropout.NONE);
    Tensor target = prediction.target(x0, epsilon, levels);

    double loss =
        new TrainingStep(network, PROCESS, objective(prediction), input)
            .loss(x0, Optional.empty(), TrainingStep.Draw.given(epsilon, TIMES))
            .item();

    assertThat(loss).isCloseTo(target.minus(output).square().mean().item(), within(1e-6));
  }

  @Test
  void loss_sameSeed_isTheSameAndAnotherForAnotherSeed() {
    TrainingStep step = step(Prediction.EPSILON);
    double first = step.loss(x0, Optional.empty(), Seed.of(4)).item();

    assertThat(step.loss(x0, Optional.empty(), Seed.of(4)).item()).isEqualTo(first);
    assertThat(step.loss(x0, Optional.empty(), Seed.of(5)).item()).isNotEqualTo(first);
  }

  private TrainingStep step(Prediction prediction) {
    return new TrainingStep(network, PROCESS, objective(prediction));
  }

  private static TrainingStep.Objective objective(Prediction prediction) {
    SimpleLoss loss = new SimpleLoss(prediction, new LossWeighting.Uniform());
    return new TrainingStep.Objective(TimestepSampler.uniform(1000), loss, 0);
  }

  private static UNetConfig tiny() {
    LayerConfig layers =
        new LayerConfig(
            4,
            1e-5,
            0,
            Optional.empty(),
            LayerConfig.Downsampling.RIGHT_BOTTOM,
            new TimeEmbeddingConfig(TimeEmbeddingConfig.Order.SIN_COS, 1),
            LayerConfig.Initialization.TORCH);
    List<BlockKind> blocks = List.of(BlockKind.RESIDUAL, BlockKind.RESIDUAL);
    return new UNetConfig(1, 8, List.of(4, 8), blocks, 1, layers, Optional.empty());
  }
}
