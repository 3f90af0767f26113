package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.diffusion.GoldenDiffusion.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.diffusion.FixedVariance;
import io.github.diffusion4j.diffusion.GoldenDiffusion;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ReverseProcess;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sampling against OpenAI's GaussianDiffusion: single steps, and 50 of 1000 steps. */
class GaussianDiffusionSampleTest {
  private static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  private static final double F64 = 1e-9;
  private static final double STORED_AS_F32 = 1e-6;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Their network as a denoiser. */
  private static Denoiser denoiser(ReverseVariance variance) {
    return new NetworkDenoiser(
        (xt, zeroBased) -> {
          double[] time = Arrays.stream(zeroBased.toDoubles()).map(t -> t + 1).toArray();
          Tensor output = GoldenDiffusion.output(xt, time);
          return variance.isLearned()
              ? Tensor.cat(List.of(output, GoldenDiffusion.varianceOutput(xt, time)), 1)
              : output;
        },
        Prediction.EPSILON);
  }

  private static Denoiser clipped(ReverseVariance variance) {
    return BoundedDenoiser.clipping(denoiser(variance), 1);
  }

  /** Begins with their x_T and takes their noise, which repeats after eight steps. */
  private record Bank(Tensor start, Tensor bank, int steps) implements NoiseSource {
    @Override
    public Tensor xT(long... shape) {
      return start;
    }

    @Override
    public Tensor z(int draw, long... shape) {
      return bank.select(0, (steps - draw) % 8);
    }
  }

  @Test
  void sample_fiftySteps_equalsTheirLoops() {
    GoldenDiffusion golden = new GoldenDiffusion("linear_50");
    Bank noise = new Bank(golden.in("x_t"), golden.in("noise_bank"), 50);
    for (String name : List.of("fixed_small", "fixed_large", "learned_range")) {
      ReverseVariance variance = GoldenDiffusion.variance(name);
      assertClose(
          new DdpmSampler(DDPM, golden.tau(), variance)
              .sample(clipped(variance), noise, SamplingListener.NONE, 5, 3, 8, 8),
          golden.of("p_sample_loop/" + name + "/f64"),
          F64,
          name);
    }
    for (int eta = 0; eta <= 1; eta++) {
      assertClose(
          new DdimSampler(DDPM, golden.tau(), eta)
              .sample(clipped(FixedVariance.BETA_TILDE), noise, SamplingListener.NONE, 5, 3, 8, 8),
          golden.of((eta == 0 ? "ddim_loop" : "ddim_loop_eta1") + "/fixed_small/f64"),
          F64,
          "eta " + eta);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear_full", "linear_50"})
  void ancestralStep_equalsTheirs(String tag) {
    GoldenDiffusion golden = new GoldenDiffusion(tag);
    int compared = 0;
    for (String name : GoldenDiffusion.variances()) {
      ReverseVariance variance = GoldenDiffusion.variance(name);
      ReverseProcess process = new ReverseProcess(golden.schedule(), variance);
      for (String clip : List.of("p_sample", "p_sample_noclip")) {
        Tensor expected = golden.of("sample/" + name + "/" + clip);
        Denoiser denoiser = clip.equals("p_sample") ? clipped(variance) : denoiser(variance);
        for (int n = 0; n < 5; n++) {
          int s = golden.t()[n];
          Tensor xt = golden.in("x_t").narrow(0, n, 1);
          Estimate estimate = denoiser.estimate(xt, DDPM.level(golden.tau().t(s)));
          DiagonalGaussian step = process.step(xt, estimate.x0Hat(), estimate.variance(), s);
          Tensor noise = golden.in("noise2").narrow(0, n, 1);
          assertClose(
              s == 1 ? step.mean() : step.draw(noise),
              expected.narrow(0, n, 1),
              STORED_AS_F32,
              name + "/" + clip + " at " + s);
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear_full", "linear_50"})
  void ddimStep_equalsTheirs(String tag) {
    GoldenDiffusion golden = new GoldenDiffusion(tag);
    for (String name : List.of("ddim_eta0.0", "ddim_eta0.5", "ddim_eta1.0", "ddim_noclip")) {
      boolean clip = !name.equals("ddim_noclip");
      double eta = clip ? Double.parseDouble(name.substring("ddim_eta".length())) : 0;
      DdimSampler sampler = new DdimSampler(DDPM, golden.tau(), eta);
      ReverseVariance variance = FixedVariance.BETA_TILDE;
      Denoiser denoiser = clip ? clipped(variance) : denoiser(variance);
      for (int n = 0; n < 5; n++) {
        int s = golden.t()[n];
        Tensor xt = golden.in("x_t").narrow(0, n, 1);
        Tensor noise = golden.in("noise2").narrow(0, n, 1).reshape(1, 1, 3, 8, 8);
        Looks looks =
            Looks.none().plus(sampler.level(s), xt, denoiser.estimate(xt, sampler.level(s)));
        assertClose(
            sampler.step(s, looks, new Bank(xt, noise, s)),
            golden.of("sample/fixed_small/" + name).narrow(0, n, 1),
            STORED_AS_F32,
            name + " at " + s);
      }
    }
  }
}
