package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EulerSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new EulerSampler(NoiseGrid.of(DDPM, tau));
  }

  @Test
  void withoutChurn_isDdimWithoutNoise() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 20));

    assertNumbers(withoutNoise(new EulerSampler(grid), DATA))
        .areCloseTo(withoutNoise(new DdimSampler(grid, 0), DATA), 1e-13);
  }

  @Test
  void ancestral_eachStep_followsItsFormulaInSigma() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.trailing(1000, 20));
    FixedNoise noise = new FixedNoise(Tensor.of(STARTS, 3, 1, 1, 1), 0.75);
    List<Tensor> seen = new ArrayList<>();
    Tensor x0 =
        EulerSampler.ancestral(grid)
            .sample(DATA, noise, step -> seen.add(step.xt().copy().outlivingScopes()), 3, 1, 1, 1);
    seen.add(x0);

    for (int s = 20; s >= 1; s--) {
      double from = grid.level(s).sigma();
      double to = grid.level(s - 1).sigma();
      double up = Math.sqrt(to * to * (from * from - to * to) / (from * from));
      double down = Math.sqrt(to * to - up * up);
      Tensor xt = seen.get(20 - s);
      Tensor epsilon = DATA.estimate(xt, grid.level(s)).epsilonHat();
      Tensor scaled =
          xt.dividedBy(grid.level(s).signal()).plus(epsilon.times(down - from)).plus(0.75 * up);
      assertNumbers(seen.get(21 - s).toDoubles())
          .areCloseTo(scaled.times(grid.level(s - 1).signal()).toDoubles(), 1e-9);
    }
  }

  @Test
  void churn_oneStep_looksAtTheRaisedLevel() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.of(100, 500));
    double sigma = grid.level(2).sigma();
    double raised = sigma * (1 + 0.6 / 2);
    List<NoiseLevel> levels = new ArrayList<>();
    List<Double> seen = new ArrayList<>();

    new EulerSampler(grid, new Churn(0.6, 0, 100, 1.5))
        .sample(
            DATA,
            new FixedNoise(Tensor.of(STARTS, 3, 1, 1, 1), 0.75),
            step -> {
              levels.add(step.level());
              seen.add(step.xt().select(0, 0).item());
            },
            3,
            1,
            1,
            1);

    assertThat(levels.get(0).sigma()).isCloseTo(raised, within(1e-12));
    double expected =
        STARTS[0] / grid.level(2).signal()
            + 0.75 * 1.5 * Math.sqrt(raised * raised - sigma * sigma);
    assertThat(seen.get(0)).isCloseTo(expected * levels.get(0).signal(), within(1e-12));
  }

  @Test
  void churn_amounts_areSharedAndBounded() {
    assertThat(new Churn(40, 0.05, 50, 1.003).gamma(1, 256)).isEqualTo(40 / 256.0);
    assertThat(new Churn(40, 0.05, 50, 1.003).gamma(51, 256)).isZero();
    assertThat(new Churn(40, 0.05, 50, 1.003).gamma(0.04, 256)).isZero();
    assertThat(Churn.of(40).gamma(1, 10)).isEqualTo(Math.sqrt(2) - 1);
    assertThat(Churn.NONE.gamma(1, 10)).isZero();
    assertThatThrownBy(() -> Churn.of(-1)).hasMessageContaining("amount is -1.0");
  }
}
