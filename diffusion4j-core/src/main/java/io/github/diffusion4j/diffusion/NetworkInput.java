package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;

/** How a network is asked about noisy images: what it sees of them, and which time it is told. */
public interface NetworkInput {
  /** The images as they are, and the number of their step from 0 on: {@link NetworkTime}. */
  NetworkInput OF_STEPS =
      new NetworkInput() {
        @Override
        public Tensor images(Tensor xt, BatchLevels levels) {
          return xt;
        }

        @Override
        public Tensor time(BatchLevels levels) {
          return NetworkTime.of(levels);
        }
      };

  /** Returns what the network sees of {@code xt}, [N, …]. */
  Tensor images(Tensor xt, BatchLevels levels);

  /** Returns the time that it is told of each image, F32 [N]. */
  Tensor time(BatchLevels levels);

  /**
   * EDM's way ([EDM]): images of unit variance at every level, and the logarithm of σ.
   *
   * <pre>
   *  cᵢₙ (x₀ + σ ε),  cᵢₙ = 1 / √(σ² + s²)
   *  cₙₒᵢₛₑ = ln(σ) / 4 </pre>
   *
   * <p>σ = noise / signal, so that the process may have any coordinates; the network never sees
   * them. It answers with {@link Prediction#preconditioned}, or its negative.
   *
   * @param dataDeviation s, the standard deviation of the data
   */
  static NetworkInput preconditioned(double dataDeviation) {
    return new NetworkInput() {
      @Override
      public Tensor images(Tensor xt, BatchLevels levels) {
        return xt.times(
            levels.column(
                level -> 1 / Math.hypot(level.noise(), dataDeviation * level.signal()), xt));
      }

      @Override
      public Tensor time(BatchLevels levels) {
        double[] times = levels.levels().stream().mapToDouble(l -> -l.lambda() / 4).toArray();
        return Tensor.of(times, times.length).to(DType.F32);
      }
    };
  }
}
