package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static io.github.diffusion4j.diffusion.GoldenDiffusion.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process against OpenAI's GaussianDiffusion, in double precision. */
@Tag("numerics")
class GaussianDiffusionTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"linear_full", "linear_50"})
  void forwardProcessAndPosterior_equalTheirs(String tag) {
    GoldenDiffusion golden = new GoldenDiffusion(tag);
    NoiseSchedule schedule = golden.schedule();
    BatchLevels levels = BatchLevels.at(schedule, golden.t());
    Tensor x0 = golden.in("x0");
    Tensor xt = golden.in("x_t");
    Tensor noise = golden.in("noise");
    DiagonalGaussian posterior = new Posterior(schedule).at(x0, xt, golden.t());

    assertClose(levels.mix(x0, noise), golden.of("q/f64/q_sample"), F64, "q_sample");
    assertClose(posterior.mean(), golden.of("q/f64/post_mean"), F64, "post_mean");
    assertClose(posterior.logVariance(), golden.of("q/f64/post_logvar"), F64, "post_logvar");
    assertClose(
        new BoundTerms(schedule, DiscretizedDecoder.TANH).prior(x0),
        golden.of("q/f64/prior_bpd"),
        F64,
        "prior_bpd");
    assertClose(
        Prediction.EPSILON.x0Hat(xt, noise, levels),
        golden.of("q/f64/xstart_from_eps"),
        F64,
        "xstart_from_eps");
    assertClose(
        Prediction.X0.epsilonHat(xt, x0, levels),
        golden.of("q/f64/eps_from_xstart"),
        F64,
        "eps_from_xstart");
    assertClose(
        Prediction.previous(schedule).x0Hat(xt, noise, levels),
        golden.of("q/f64/xstart_from_xprev"),
        F64,
        "xstart_from_xprev");
  }

  /**
   * Mean, variance and x̂₀ for each prediction, variance and clipping.
   *
   * <p>Two of their choices are not ours. Where x₍t−1₎ is predicted they clip x̂₀ and yet return
   * the mean as the network said it; here the mean follows from the clipped x̂₀. And their variance
   * of β̃ at t = 1 is 0 while its logarithm is ln β̃₂; here it is the exponential of that.
   */
  @ParameterizedTest
  @ValueSource(strings = {"linear_full", "linear_50"})
  void reverseStep_equalsTheirMeanAndVariance(String tag) {
    GoldenDiffusion golden = new GoldenDiffusion(tag);
    int compared = 0;
    for (String mean : new String[] {"eps", "x0", "prev"}) {
      for (String name : GoldenDiffusion.variances()) {
        for (String clip : new String[] {"clip", "noclip"}) {
          String prefix = "p_mean_variance/%s/%s/%s/".formatted(mean, name, clip);
          if (!golden.has(prefix + "mean")) {
            continue;
          }
          ReverseVariance variance = GoldenDiffusion.variance(name);
          Tensor x0Hat = x0Hat(golden, mean, clip.equals("clip"));
          DiagonalGaussian step = step(golden, variance, x0Hat);
          assertClose(x0Hat, golden.of(prefix + "pred_xstart"), STORED_AS_F32, prefix);
          assertClose(
              step.logVariance(), golden.of(prefix + "log_variance"), STORED_AS_F32, prefix);
          if (!(mean.equals("prev") && clip.equals("clip"))) {
            assertClose(step.mean(), golden.of(prefix + "mean"), STORED_AS_F32, prefix);
          }
          if (name.equals("fixed_large")) {
            assertClose(step.variance(), golden.of(prefix + "variance"), STORED_AS_F32, prefix);
          }
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(tag.equals("linear_full") ? 24 : 8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear_full", "linear_50"})
  void boundTerms_equalTheirs(String tag) {
    GoldenDiffusion golden = new GoldenDiffusion(tag);
    Tensor x0 = golden.in("x0");
    Tensor xt = BatchLevels.at(golden.schedule(), golden.t()).mix(x0, golden.in("noise"));
    BoundTerms terms = new BoundTerms(golden.schedule(), DiscretizedDecoder.TANH);
    int compared = 0;
    for (String mean : new String[] {"eps", "x0", "prev"}) {
      for (String name : GoldenDiffusion.variances()) {
        for (String clip : new String[] {"clip", "noclip"}) {
          String key = "vb_terms_bpd/%s/%s/f64/%s".formatted(mean, name, clip);
          if (!golden.has(key) || (mean.equals("prev") && clip.equals("clip"))) {
            continue;
          }
          Tensor x0Hat = x0Hat(golden, mean, clip.equals("clip"), xt);
          DiagonalGaussian step = step(golden, GoldenDiffusion.variance(name), x0Hat, xt);
          assertClose(terms.term(x0, xt, step, golden.t()), golden.of(key), F64, key);
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(tag.equals("linear_full") ? 14 : 8);
  }

  @Test
  void divergenceAndDecoder_equalTheirs() {
    GoldenDiffusion golden = new GoldenDiffusion("linear_full");
    Tensor x = golden.at("losses/x");
    Tensor means = golden.at("losses/means");
    Tensor scales = golden.at("losses/log_scales");
    // Their second log-variance is rounded to single precision before the double one is computed.
    Tensor second = scales.times(0.7).minus(0.2).to(DType.F64);
    DiagonalGaussian p = new DiagonalGaussian(means.to(DType.F64), second);

    assertClose(
        new DiagonalGaussian(x.to(DType.F64), scales.to(DType.F64)).kl(p),
        golden.at("losses/normal_kl/f64"),
        F64,
        "kl");
    Tensor logVariance = scales.to(DType.F64).times(2);
    assertClose(
        DiscretizedDecoder.TANH.logLikelihood(
            x.to(DType.F64), new DiagonalGaussian(means.to(DType.F64), logVariance)),
        golden.at("losses/discretized_gaussian_log_likelihood/f64"),
        F64,
        "decoder");
    double[] single =
        DiscretizedDecoder.TANH
            .logLikelihood(x, new DiagonalGaussian(means, scales.times(2)))
            .exp()
            .toDoubles();
    assertNumbers(single)
        .areCloseTo(
            golden.at("losses/discretized_gaussian_log_likelihood/f32").exp().toDoubles(), 1e-6);
  }

  private static Tensor x0Hat(GoldenDiffusion golden, String mean, boolean clip) {
    return x0Hat(golden, mean, clip, golden.in("x_t"));
  }

  private static Tensor x0Hat(GoldenDiffusion golden, String mean, boolean clip, Tensor xt) {
    BatchLevels levels = BatchLevels.at(golden.schedule(), golden.t());
    Tensor x0Hat = golden.prediction(mean).x0Hat(xt, golden.output(xt), levels);
    return clip ? x0Hat.clamp(-1, 1) : x0Hat;
  }

  private static DiagonalGaussian step(
      GoldenDiffusion golden, ReverseVariance variance, Tensor x0Hat) {
    return step(golden, variance, x0Hat, golden.in("x_t"));
  }

  private static DiagonalGaussian step(
      GoldenDiffusion golden, ReverseVariance variance, Tensor x0Hat, Tensor xt) {
    return new ReverseProcess(golden.schedule(), variance)
        .step(xt, x0Hat, golden.varianceOutput(xt, variance), golden.t());
  }
}
