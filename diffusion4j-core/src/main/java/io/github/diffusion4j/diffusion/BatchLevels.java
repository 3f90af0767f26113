package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The noise levels of a batch of images, one for each.
 *
 * <p>Coefficients are computed in double and take the type of the tensor they multiply. Images may
 * have any shape [N, …]; results are new tensors that belong to the caller's scope.
 */
public final class BatchLevels {
  private final List<NoiseLevel> levels;

  private BatchLevels(List<NoiseLevel> levels) {
    this.levels = levels;
  }

  /** The given levels, the first for the first image. */
  public static BatchLevels of(List<NoiseLevel> levels) {
    return new BatchLevels(List.copyOf(levels));
  }

  /** The levels of {@code schedule} at the times {@code t}, one for each image, in 0…T. */
  public static BatchLevels at(NoiseSchedule schedule, int... t) {
    return of(Arrays.stream(t).mapToObj(schedule::level).toList());
  }

  /** The same level for all images of {@code batch}. */
  public static BatchLevels same(NoiseLevel level, Tensor batch) {
    return new BatchLevels(Collections.nCopies((int) batch.size(0), level));
  }

  /** Returns the levels in the order of the images. */
  public List<NoiseLevel> levels() {
    return levels;
  }

  /**
   * Mixes image and noise.
   *
   * <pre>  xₜ = signal · x₀ + noise · ε </pre>
   */
  public Tensor mix(Tensor x0, Tensor epsilon) {
    return blend(x0, NoiseLevel::signal, epsilon, NoiseLevel::noise);
  }

  /** Returns a · x + b · y, with the coefficients of each image's own level. */
  public Tensor blend(
      Tensor x, ToDoubleFunction<NoiseLevel> a, Tensor y, ToDoubleFunction<NoiseLevel> b) {
    if (isZero(a)) { // as often where noise is predicted; saves a pass over all pixels
      return y.times(column(b, y));
    }
    Tensor fromX = x.times(column(a, x));
    return isZero(b) ? fromX : fromX.plus(y.times(column(b, y)));
  }

  private boolean isZero(ToDoubleFunction<NoiseLevel> coefficient) {
    return levels.stream().mapToDouble(coefficient).allMatch(value -> value == 0);
  }

  /** Returns a number of each image's level as [N, 1, …], to multiply {@code like} with. */
  public Tensor column(ToDoubleFunction<NoiseLevel> number, Tensor like) {
    long[] shape = like.shape();
    if (shape.length == 0 || shape[0] != levels.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d times given for a batch of shape %s", levels.size(), like));
    }
    Arrays.fill(shape, 1, shape.length, 1);
    return Tensor.of(levels.stream().mapToDouble(number).toArray(), shape).to(like.type());
  }
}
