package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.likelihood.Dequantization.Points;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/** The likelihood of the probability-flow ODE for images of 256 gray levels. */
public final class ImageLikelihood {
  private static final int AT_ONCE = 64;

  private final ProbabilityFlowLikelihood flow;
  private final Dequantization dequantization;
  private final int draws;

  /**
   * The likelihood of {@code flow} at points made by {@code dequantization}.
   *
   * @param draws how many points and probes for each image
   */
  public ImageLikelihood(ProbabilityFlowLikelihood flow, Dequantization dequantization, int draws) {
    if (draws < 1) {
      throw new IllegalArgumentException("draws is " + draws + "; allowed: at least 1");
    }
    this.flow = flow;
    this.dequantization = dequantization;
    this.draws = draws;
  }

  /**
   * Measures the negative log-likelihood in bits per dimension, by image and draw.
   *
   * @param x0 images of 256 gray levels, [N, …], in [−1, 1]
   * @param seed the root of all randomness; what an image gets depends on its number alone
   * @param progress told the part that is done, in (0, 1]
   */
  public double[][] measure(ImageDenoiser denoiser, Tensor x0, Seed seed, DoubleConsumer progress) {
    int images = (int) x0.size(0);
    double[][] bits = new double[images][draws];
    int work = images * draws;
    int done = 0;
    for (int draw = 0; draw < draws; draw++) {
      for (int first = 0; first < images; first += AT_ONCE) {
        int[] some = IntStream.range(first, Math.min(images, first + AT_ONCE)).toArray();
        int before = done;
        double[] found =
            bits(
                denoiser,
                x0,
                some,
                seeds(some, draw, seed),
                part -> progress.accept((before + part * some.length) / work));
        for (int i = 0; i < some.length; i++) {
          bits[some[i]][draw] = found[i];
        }
        done += some.length;
      }
    }
    return bits;
  }

  private double[] bits(
      ImageDenoiser denoisers,
      Tensor all,
      int[] images,
      List<Seed> seeds,
      DoubleConsumer progress) {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Denoiser denoiser = denoisers.of(images);
      Tensor x0 = all.narrow(0, images[0], images.length);
      Points points = dequantization.draw(denoiser, x0, below(seeds, "point"));
      double[] logDensity = flow.logDensity(denoiser, points.x(), below(seeds, "probe"), progress);
      long pixels = x0.numel() / x0.size(0);
      double perBit = pixels * Math.log(2);
      Tensor nats = points.correction().minus(Tensor.of(logDensity, logDensity.length));
      return nats.dividedBy(perBit).toDoubles();
    }
  }

  private static List<Seed> seeds(int[] images, int draw, Seed seed) {
    return IntStream.of(images).mapToObj(image -> seed.derive(image).derive(draw)).toList();
  }

  private static List<Seed> below(List<Seed> seeds, String name) {
    return seeds.stream().map(seed -> seed.derive(name)).toList();
  }
}
