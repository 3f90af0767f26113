package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;
import java.util.function.ToDoubleFunction;

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
        return times(levels, level -> -level.lambda() / 4);
      }
    };
  }

  /**
   * The images as they are, and the angle between image and noise as a part of a right angle.
   *
   * <pre>  atan2(noise, signal) · 2 / π </pre>
   *
   * <p>How the networks of Dance Diffusion are asked, and those that diffusers samples with {@code
   * IPNDMScheduler}.
   */
  NetworkInput OF_ANGLE = ofTimes(level -> Math.atan2(level.noise(), level.signal()) * 2 / Math.PI);

  /**
   * The images as they are, and the logarithm of σ.
   *
   * <pre>  ln(σ) / 4 </pre>
   *
   * <p>diffusers' {@code timestep_type: continuous}. Where nothing is left of the image it is that
   * of σ = 4096, as there.
   */
  NetworkInput OF_LOG_SIGMA =
      ofTimes(level -> (level.signal() == 0 ? Math.log(4096) : -level.lambda()) / 4);

  private static NetworkInput ofTimes(ToDoubleFunction<NoiseLevel> time) {
    return new NetworkInput() {
      @Override
      public Tensor images(Tensor xt, BatchLevels levels) {
        return xt;
      }

      @Override
      public Tensor time(BatchLevels levels) {
        return times(levels, time);
      }
    };
  }

  private static Tensor times(BatchLevels levels, ToDoubleFunction<NoiseLevel> time) {
    double[] times = levels.levels().stream().mapToDouble(time).toArray();
    return Tensor.of(times, times.length).to(DType.F32);
  }

  /**
   * The way of consistency models ([CM]): EDM's, but for a time a thousand times as large.
   *
   * @param dataDeviation s, the standard deviation of the data
   */
  static NetworkInput consistency(double dataDeviation) {
    NetworkInput edm = preconditioned(dataDeviation);
    return new NetworkInput() {
      @Override
      public Tensor images(Tensor xt, BatchLevels levels) {
        return edm.images(xt, levels);
      }

      @Override
      public Tensor time(BatchLevels levels) {
        return times(levels, level -> -level.lambda() * 1000 / 4);
      }
    };
  }
}
