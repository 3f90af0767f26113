package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.diffusion.NetworkTime;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Tensor;

/** A trained network as a {@link Denoiser}, whatever it was trained to predict. */
public final class NetworkDenoiser implements Denoiser {
  /** A network without its options: images and their times in, a prediction out. */
  @FunctionalInterface
  public interface Network {
    /**
     * Returns the prediction for {@code xt} [N, C, H, W] at {@code networkTime} F32 [N], 0-based;
     * if the network learned the variance too, [N, 2C, H, W].
     */
    Tensor predict(Tensor xt, Tensor networkTime);
  }

  private final Network network;
  private final Prediction prediction;

  /** A denoiser that takes the network's estimate of x₀ as it is. */
  public NetworkDenoiser(Network network, Prediction prediction) {
    this.network = network;
    this.prediction = prediction;
  }

  @Override
  public Estimate estimate(Tensor xt, NoiseLevel level) {
    BatchLevels levels = BatchLevels.same(level, xt);
    NetworkOutput output = NetworkOutput.of(network.predict(xt, NetworkTime.of(levels)), xt);
    return new Estimate(
        prediction.x0Hat(xt, output.prediction(), levels),
        prediction.epsilonHat(xt, output.prediction(), levels),
        output.variance());
  }
}
