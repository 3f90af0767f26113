package io.github.diffusion4j;

import io.github.diffusion4j.baseline.Elbo;
import io.github.diffusion4j.baseline.LatentNoise;
import io.github.diffusion4j.baseline.LatentVariableModel;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.likelihood.BitsPerDimension;
import io.github.diffusion4j.torch.EngineCheck;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;

/**
 * The bound that an autoencoder gives on the code length of images, and its parts, in bits per
 * dimension.
 *
 * @param bound the negative of the evidence lower bound
 * @param pixels its part that the pixels cost when the latent variables are known
 * @param divergences its other parts, one for each level of latent variables, first drawn first
 * @param images how many images were measured
 */
public record BaselineLikelihood(
    BitsPerDimension bound,
    BitsPerDimension pixels,
    List<BitsPerDimension> divergences,
    int images) {
  private static final int IMAGES_AT_ONCE = 64;

  /** Copies the list. */
  public BaselineLikelihood {
    divergences = List.copyOf(divergences);
  }

  /**
   * Measures images that are drawn from a data set at random, so that a standard error says how far
   * the mean of the whole set may be; the same ones as {@link ModelLikelihood} draws.
   *
   * @param count how many images; all of them if there are no more
   * @param draws how often the latent variables of each are drawn
   * @throws UserException if the model is not one of such images
   */
  public static BaselineLikelihood of(
      LatentVariableModel model,
      ImageDataset data,
      int count,
      int draws,
      long seed,
      DoubleConsumer done)
      throws IOException {
    ImageShape taken = Datasets.shape(model.config());
    if (!data.shape().equals(taken)) {
      throw new UserException(
          String.format(Locale.ROOT, "the data are %s; the model takes %s", data.shape(), taken));
    }
    EngineCheck.require();
    Seed root = Seed.of(seed).derive("likelihood");
    int[] drawn = ModelLikelihood.drawn(data, count, root);
    Columns columns = new Columns(drawn.length, draws, taken.pixels());
    for (int first = 0; first < drawn.length; first += IMAGES_AT_ONCE) {
      int[] batch =
          Arrays.copyOfRange(drawn, first, Math.min(drawn.length, first + IMAGES_AT_ONCE));
      for (int draw = 0; draw < draws; draw++) {
        try (Scope scope = Scope.open();
            NoGrad off = NoGrad.open()) {
          Tensor x = ModelLikelihood.read(data, batch);
          LatentNoise noise = LatentNoise.each(root.derive("latent").derive(draw), first);
          columns.add(model.elbo(x, noise), first, draw);
        }
        done.accept((first + batch.length * (draw + 1.0) / draws) / drawn.length);
      }
    }
    return columns.means();
  }

  /** Bits per dimension of each part, by image and draw. */
  private static final class Columns {
    private final int images;
    private final int draws;
    private final double bits;
    private final List<double[][]> parts = new ArrayList<>();

    Columns(int images, int draws, int pixels) {
      this.images = images;
      this.draws = draws;
      this.bits = 1 / (Math.log(2) * pixels);
    }

    void add(Elbo elbo, int first, int draw) {
      put(0, elbo.nats().times(-bits), first, draw);
      put(1, elbo.logLikelihood().times(-bits), first, draw);
      for (int level = 0; level < elbo.divergences().size(); level++) {
        put(2 + level, elbo.divergences().get(level).times(bits), first, draw);
      }
    }

    private void put(int part, Tensor values, int first, int draw) {
      if (part == parts.size()) {
        parts.add(new double[images][draws]);
      }
      double[] plain = values.toDoubles();
      for (int i = 0; i < plain.length; i++) {
        parts.get(part)[first + i][draw] = plain[i];
      }
    }

    BaselineLikelihood means() {
      List<BitsPerDimension> means = parts.stream().map(BitsPerDimension::of).toList();
      return new BaselineLikelihood(
          means.get(0), means.get(1), means.subList(2, means.size()), images);
    }
  }
}
