package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.CosineSchedule;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.Score;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReverseSdeSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new ReverseSdeSampler(NoiseGrid.of(DDPM, tau), 1);
  }

  @Test
  void constructor_negativeRandomness_namesIt() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.of(1));

    assertThatThrownBy(() -> new ReverseSdeSampler(grid, -1))
        .hasMessage("randomness is -1.0; allowed: 0 or more");
  }

  /** Euler and Maruyama's step of dx = (f x − (1 + r²)/2 g² s) dt + r g dw, to second order. */
  @Test
  void oneStep_halved_approachesTheEquationOfTheProcess() {
    VariancePreserving process = VariancePreserving.ddpm();
    double r = 0.7;
    double[] errors = new double[3];
    for (int i = 0; i < 3; i++) {
      double h = 0.01 / (1 << i);
      double t = 0.4;
      NoiseLevel from = process.at(t);
      NoiseGrid grid = NoiseGrid.of(process, process.at(t - h), from);
      Tensor x = Tensor.of(STARTS, 3, 1, 1, 1);
      double g = process.diffusion(t);
      Tensor score = Score.fromEpsilon(DATA.estimate(x, from).epsilonHat(), from);
      Tensor literal =
          x.times(1 - process.drift(t) * h).plus(score.times((1 + r * r) / 2 * g * g * h));

      double[] ends = withoutNoise(new ReverseSdeSampler(grid, r), DATA);

      errors[i] = Math.abs(ends[0] - literal.toDoubles()[0]);
      Tensor noisy =
          new ReverseSdeSampler(grid, r)
              .sample(DATA, new FixedNoise(x, 1), SamplingListener.NONE, 3, 1, 1, 1);
      double added = noisy.toDoubles()[0] - ends[0];
      assertThat(added / (r * g * Math.sqrt(h))).isCloseTo(1, within(5 * h * 20));
    }
    assertThat(errors[0] / errors[1]).isCloseTo(4, within(0.4));
    assertThat(errors[1] / errors[2]).isCloseTo(4, within(0.2));
  }

  /** Randomness 0 and 1 are DDIM with η = 0 and 1, however large the steps. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void sample_randomnessZeroOrOne_equalsDdim(int r) {
    NoiseGrid grid = NoiseGrid.of(CosineSchedule.of(1000), SubSequence.trailing(1000, 12));
    FixedNoise noise = new FixedNoise(Tensor.of(STARTS, 3, 1, 1, 1), 0.7);
    double[] ddim =
        new DdimSampler(grid, r).sample(DATA, noise, SamplingListener.NONE, 3, 1, 1, 1).toDoubles();

    assertNumbers(
            new ReverseSdeSampler(grid, r)
                .sample(DATA, noise, SamplingListener.NONE, 3, 1, 1, 1)
                .toDoubles())
        .areCloseTo(ddim, 1e-9);
  }
}
