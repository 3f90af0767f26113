package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.BoundTerms;
import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ReverseProcess;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.Estimate;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Ways to make points of a continuous space from images of 256 gray levels, whose density then
 * bounds the probability of the images.
 *
 * <pre>  −ln P(x₀) ≤ E[−ln p(x) + correction] </pre>
 *
 * <p>The expectation is over the points drawn for an image (Jensen's inequality). Each kind is
 * exact about a model of its own: one that rounds what comes out of the ODE, or one that ends with
 * the last step of the chain.
 */
public interface Dequantization {
  /**
   * Points drawn for images.
   *
   * @param x one for each image, in the coordinates of the process, [N, …]
   * @param correction nats for each image, F64 [N]
   */
  record Points(Tensor x, Tensor correction) {}

  /**
   * Draws a point for each image.
   *
   * @param denoiser the one of these images
   * @param x0 images of 256 gray levels, [N, …], in [−1, 1]
   * @param seeds one for each image
   */
  Points draw(Denoiser denoiser, Tensor x0, List<Seed> seeds);

  /**
   * Spreads each gray level evenly over the interval that is rounded to it, whose width is 2/255.
   *
   * <p>Differs: where 256 levels are spread over [−1, 1] in steps of 2/256, as in Song's code, the
   * correction is 7 bits per dimension; here it is log₂ 127.5 = 6.994.
   *
   * @param level the smallest level of the ODE, where points are taken to be
   */
  static Dequantization uniform(NoiseLevel level) {
    return (denoiser, x0, seeds) -> {
      Tensor u = each(seeds, x0, (seed, one) -> seed.uniform(one).minus(0.5));
      Tensor x = x0.plus(u.times(2 / 255.0)).times(level.signal());
      double nats = -perImage(x0) * (Math.log(2 / 255.0) + Math.log(level.signal()));
      return new Points(x, constant(nats, x0));
    };
  }

  /**
   * Takes the first step of the forward process, and lets the chain's decoder take it back: with
   * the ODE for all that comes after x₁, the bound is the one of the chain but for its terms
   * L₁…L_T.
   *
   * <pre>  correction = ln q(x₁ | x₀) − ln p(x₀ | x₁) </pre>
   */
  static Dequantization firstStep(
      NoiseSchedule schedule, ReverseVariance variance, DiscretizedDecoder decoder) {
    ReverseProcess reverse = new ReverseProcess(schedule, variance);
    BoundTerms terms = new BoundTerms(schedule, decoder);
    NoiseLevel level = schedule.level(1);
    return (denoiser, x0, seeds) -> {
      Tensor epsilon = each(seeds, x0, Seed::normal);
      Tensor x1 = BatchLevels.same(level, x0).mix(x0, epsilon);
      Estimate estimate = denoiser.estimate(x1, level);
      int[] first = new int[seeds.size()];
      Arrays.fill(first, 1);
      DiagonalGaussian step = reverse.step(x1, estimate.x0Hat(), estimate.variance(), first);
      long dimensions = perImage(x0);
      Tensor decoded = terms.term(x0, x1, step, first).to(DType.F64);
      Tensor squares = epsilon.to(DType.F64).square().reshape(seeds.size(), -1).sum(1);
      double norm = -0.5 * dimensions * Math.log(2 * Math.PI * level.noise() * level.noise());
      return new Points(
          x1, decoded.times(dimensions * Math.log(2)).minus(squares.times(0.5)).plus(norm));
    };
  }

  private static long perImage(Tensor x0) {
    return x0.numel() / x0.size(0);
  }

  private static Tensor constant(double value, Tensor x0) {
    return Tensor.zeros(DType.F64, x0.size(0)).plus(value);
  }

  private static Tensor each(List<Seed> seeds, Tensor like, BiFunction<Seed, long[], Tensor> draw) {
    long[] shape = like.shape();
    long[] one = Arrays.copyOfRange(shape, 1, shape.length);
    return Tensor.stack(seeds.stream().map(seed -> draw.apply(seed, one)).toList(), 0)
        .to(like.type());
  }
}
