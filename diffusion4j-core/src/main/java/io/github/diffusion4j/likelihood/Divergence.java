package io.github.diffusion4j.likelihood;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Ways to find the divergence of a vector field, the trace of its Jacobian J.
 *
 * <p>One backward pass gives vᵀJ for one probe v. With E[v vᵀ] = I, E[vᵀJv] is the trace:
 * Hutchinson's estimator, unbiased with a single probe, whatever the number of dimensions
 * ([FFJORD]).
 */
public enum Divergence {
  /** All unit vectors in turn, d backward passes for d dimensions: no error, and slow. */
  EXACT {
    @Override
    List<Tensor> probes(List<Seed> seeds, Tensor like) {
      int dimensions = (int) (like.numel() / like.size(0));
      long[] shape = like.shape();
      shape[0] = 1;
      return IntStream.range(0, dimensions)
          .mapToObj(
              i -> {
                double[] unit = new double[dimensions];
                unit[i] = 1;
                return Tensor.of(unit, shape).to(like.type());
              })
          .toList();
    }
  },
  /** One probe of ±1: the random probe with the smallest variance. */
  RADEMACHER {
    @Override
    List<Tensor> probes(List<Seed> seeds, Tensor like) {
      return List.of(each(seeds, like, Draw.COIN));
    }
  },
  /** One standard normal probe. */
  GAUSSIAN {
    @Override
    List<Tensor> probes(List<Seed> seeds, Tensor like) {
      return List.of(each(seeds, like, Draw.NORMAL));
    }
  };

  private enum Draw {
    COIN,
    NORMAL
  }

  /**
   * Returns the vectors v over which vᵀJv is summed.
   *
   * @param seeds one for each point, so that a point's probe does not depend on its batch
   * @param like the points, [N, …]
   */
  abstract List<Tensor> probes(List<Seed> seeds, Tensor like);

  private static Tensor each(List<Seed> seeds, Tensor like, Draw draw) {
    long[] one = LongStream.of(like.shape()).skip(1).toArray();
    List<Tensor> probes =
        seeds.stream()
            .map(
                seed ->
                    switch (draw) {
                      case COIN -> seed.coins(0.5, one).times(2).minus(1);
                      case NORMAL -> seed.normal(one);
                    })
            .toList();
    return Tensor.stack(probes, 0).to(like.type() == DType.F64 ? DType.F64 : DType.F32);
  }
}
