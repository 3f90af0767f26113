package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.NetworkTime;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** A trained network as a {@link Denoiser}, whatever it was trained to predict. */
public final class NetworkDenoiser implements Denoiser {
  /** A network without its options: images and their times in, a prediction out. */
  @FunctionalInterface
  public interface Network {
    /**
     * Returns the prediction for {@code xt} [N, C, H, W] at {@code networkTime} I64 [N], 0-based.
     */
    Tensor predict(Tensor xt, Tensor networkTime);
  }

  private final Network network;
  private final ForwardProcess process;
  private final Prediction prediction;
  private final UnaryOperator<Tensor> range;

  private NetworkDenoiser(
      Network network, ForwardProcess process, Prediction prediction, UnaryOperator<Tensor> range) {
    this.network = network;
    this.process = process;
    this.prediction = prediction;
    this.range = range;
  }

  /** A denoiser that takes the network's estimate of x₀ as it is. */
  public static NetworkDenoiser unbounded(
      Network network, ForwardProcess process, Prediction prediction) {
    return new NetworkDenoiser(network, process, prediction, x0Hat -> x0Hat);
  }

  /** A denoiser that clips the estimate of x₀ to [−1, 1], where images lie, as Ho's code does. */
  public static NetworkDenoiser clipped(
      Network network, ForwardProcess process, Prediction prediction) {
    return new NetworkDenoiser(network, process, prediction, x0Hat -> x0Hat.clamp(-1, 1));
  }

  /** Asks the network; the noise is derived from the clipped x̂₀, so that both fit together. */
  @Override
  public Estimate estimate(Tensor xt, int t) {
    int[] times = new int[(int) xt.size(0)];
    Arrays.fill(times, t);
    Tensor output = network.predict(xt, NetworkTime.of(times));
    Tensor x0Hat = range.apply(prediction.x0Hat(process, xt, times, output));
    return new Estimate(x0Hat, process.epsilonFromX0(xt, times, x0Hat));
  }
}
