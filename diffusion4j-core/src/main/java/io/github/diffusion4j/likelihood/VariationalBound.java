package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.BoundTerms;
import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.ReverseProcess;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.likelihood.BoundTable.Entry;
import io.github.diffusion4j.likelihood.TimeSelection.Look;
import io.github.diffusion4j.sampling.Estimate;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;

/**
 * The variational bound of images, an upper bound of their negative log-likelihood under the chain
 * that ancestral sampling draws from.
 *
 * <p>The terms are those of {@link BoundTerms}; here they are estimated, each with noise drawn for
 * it, and added up. Whether x̂₀ is clipped is the denoiser's affair; Ho's code clips when it
 * measures, and not when it trains.
 */
public final class VariationalBound {
  private static final int AT_ONCE = 64;

  private final NoiseSchedule schedule;
  private final ReverseProcess reverse;
  private final BoundTerms terms;
  private final TimeSelection times;
  private final int draws;

  /**
   * The bound of a chain of all steps of {@code schedule}.
   *
   * @param times the times at which terms are looked at
   * @param draws how often, for each image, with noise of its own; two or more tell how much of the
   *     error is the noise's
   */
  public VariationalBound(
      NoiseSchedule schedule,
      ReverseVariance variance,
      DiscretizedDecoder decoder,
      TimeSelection times,
      int draws) {
    if (draws < 1 || times.steps() != schedule.steps()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "draws is %d, and times are of %d steps; allowed: at least 1, and %d steps",
              draws,
              times.steps(),
              schedule.steps()));
    }
    this.schedule = schedule;
    this.reverse = new ReverseProcess(schedule, variance);
    this.terms = new BoundTerms(schedule, decoder);
    this.times = times;
    this.draws = draws;
  }

  /** Where the noise of a look comes from. */
  @FunctionalInterface
  interface Noise {
    Tensor of(int image, int draw, Look look, long... shape);
  }

  /** A look at one of the images. */
  private record Sight(int image, int draw, Look look) {}

  /**
   * Measures the terms.
   *
   * @param x0 images of 256 gray levels, [N, …], in [−1, 1]
   * @param seed the root of all noise; what an image gets depends on its number alone
   * @param progress told the part that is done, in (0, 1]
   */
  public BoundTable measure(ImageDenoiser denoiser, Tensor x0, Seed seed, DoubleConsumer progress) {
    return measure(
        denoiser,
        x0,
        seed,
        (image, draw, look, shape) ->
            seed.derive(image)
                .derive(draw)
                .derive(look.t())
                .derive(look.number())
                .normal(shape)
                .to(x0.type()),
        progress);
  }

  BoundTable measure(
      ImageDenoiser denoiser, Tensor x0, Seed seed, Noise noise, DoubleConsumer progress) {
    int images = (int) x0.size(0);
    double[] weight = new double[schedule.steps() + 1];
    Arrays.setAll(weight, t -> t == 0 ? 0 : times.weight(t));
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      BoundTable table = new BoundTable(terms.prior(x0).toDoubles(), draws, weight);
      Sweep sweep = new Sweep(denoiser, x0, noise, table);
      List<List<Sight>> byTime = sights(images, seed.derive("times"));
      double done = 0;
      for (int t = schedule.steps(); t >= 1; t--) {
        List<Sight> all = byTime.get(t);
        for (int first = 0; first < all.size(); first += AT_ONCE) {
          List<Sight> some = all.subList(first, Math.min(all.size(), first + AT_ONCE));
          sweep.look(t, some);
          done += some.size();
          progress.accept(done / images / draws / times.looks());
        }
      }
      return table;
    }
  }

  private List<List<Sight>> sights(int images, Seed seed) {
    List<List<Sight>> byTime = new ArrayList<>();
    for (int t = 0; t <= schedule.steps(); t++) {
      byTime.add(new ArrayList<>());
    }
    for (int image = 0; image < images; image++) {
      for (int draw = 0; draw < draws; draw++) {
        for (Look look : times.draw(seed.derive(image).derive(draw))) {
          byTime.get(look.t()).add(new Sight(image, draw, look));
        }
      }
    }
    return byTime;
  }

  /** One measurement on its way from T to 1. */
  private final class Sweep {
    private final ImageDenoiser denoiser;
    private final Tensor images;
    private final Noise noise;
    private final BoundTable table;

    Sweep(ImageDenoiser denoiser, Tensor images, Noise noise, BoundTable table) {
      this.denoiser = denoiser;
      this.images = images;
      this.noise = noise;
      this.table = table;
    }

    /** Asks the denoiser once about several images at one time. */
    void look(int t, List<Sight> sights) {
      int[] numbers = sights.stream().mapToInt(Sight::image).toArray();
      int[] times = new int[numbers.length];
      Arrays.fill(times, t);
      try (Scope scope = Scope.open()) {
        long[] rows = Arrays.stream(numbers).asLongStream().toArray();
        Tensor x0 = images.rows(Tensor.of(rows, rows.length));
        Tensor epsilon = Tensor.stack(sights.stream().map(this::noise).toList(), 0);
        NoiseLevel level = schedule.level(t);
        Tensor xt = BatchLevels.same(level, x0).mix(x0, epsilon);
        Estimate estimate = denoiser.of(numbers).estimate(xt, level);
        DiagonalGaussian step = reverse.step(xt, estimate.x0Hat(), estimate.variance(), times);
        double[] bits = terms.term(x0, xt, step, times).toDoubles();
        double[] x0Error = meanSquare(estimate.x0Hat().minus(x0));
        double[] epsilonError = meanSquare(estimate.epsilonHat().minus(epsilon));
        for (int i = 0; i < numbers.length; i++) {
          int draw = sights.get(i).draw;
          table.add(t, new Entry(numbers[i], draw, bits[i], x0Error[i], epsilonError[i]));
        }
      }
    }

    private Tensor noise(Sight sight) {
      long[] shape = images.shape();
      long[] one = Arrays.copyOfRange(shape, 1, shape.length);
      return noise.of(sight.image, sight.draw, sight.look, one);
    }
  }

  private static double[] meanSquare(Tensor difference) {
    return difference.square().reshape(difference.size(0), -1).mean(1).toDoubles();
  }
}
