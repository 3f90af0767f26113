package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.VariancePreserving;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.Test;

class FlowErrorTest {
  private static final VariancePreserving CURVE = VariancePreserving.ddpm();
  private static final double MEAN = 0.3;
  private static final double VARIANCE = 0.25;
  private static final GaussianMixture GAUSSIAN =
      GaussianMixture.of(Component.of(1, VARIANCE, MEAN));
  private static final NoiseLevel START = CURVE.atSigma(50);
  private static final NoiseLevel END = CURVE.atSigma(0.1);
  private static final FlowError FLOW =
      new FlowError(GAUSSIAN, NoiseGrid.of(CURVE, END, START), 20, Seed.of(1));

  /** For one Gaussian, (x / signal − m) / √(s² + σ²) stays the same along the flow. */
  private record ClosedForm(double offset) implements Sampler {
    @Override
    public NoiseGrid grid() {
      return NoiseGrid.of(CURVE, END, START);
    }

    @Override
    public Tensor sampleFrom(
        int s, Tensor xs, Denoiser denoiser, NoiseSource noise, SamplingListener listener) {
      double ratio =
          Math.sqrt(VARIANCE + END.sigma() * END.sigma())
              / Math.sqrt(VARIANCE + START.sigma() * START.sigma());
      Tensor start = xs.dividedBy(START.signal());
      return start.minus(MEAN).times(ratio).plus(MEAN).times(END.signal()).plus(offset);
    }
  }

  @Test
  void of_closedFormOfAGaussian_isZero() {
    assertThat(FLOW.of(new ClosedForm(0))).isLessThan(1e-9);
  }

  @Test
  void of_samplerThatMissesByAConstant_isThatConstant() {
    assertThat(FLOW.of(new ClosedForm(0.125))).isCloseTo(0.125, within(1e-9));
  }

  @Test
  void of_samplerThatDrawsNoise_isRefused() {
    Sampler ancestral = new DdimSampler(NoiseGrid.of(CURVE, END, CURVE.atSigma(1), START), 1);

    assertThatThrownBy(() -> FLOW.of(ancestral))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("this sampler draws noise, and so follows no flow");
  }
}
