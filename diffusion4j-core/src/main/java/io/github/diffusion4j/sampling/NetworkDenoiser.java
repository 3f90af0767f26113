package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.BatchLevels;
import io.github.diffusion4j.diffusion.NetworkInput;
import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Tensor;

/** A trained network as a {@link Denoiser}, whatever it was trained to predict. */
public final class NetworkDenoiser implements Denoiser {
  /** A network without its options: images and their times in, a prediction out. */
  @FunctionalInterface
  public interface Network {
    /**
     * Returns the prediction for {@code xt} [N, C, H, W], as {@link NetworkInput} shows it, at
     * {@code networkTime} F32 [N]; if the network learned the variance too, [N, 2C, H, W].
     */
    Tensor predict(Tensor xt, Tensor networkTime);
  }

  private final Network network;
  private final Prediction prediction;
  private final NetworkInput input;

  /** A denoiser that takes the network's estimate of x₀ as it is. */
  public NetworkDenoiser(Network network, Prediction prediction) {
    this(network, prediction, NetworkInput.OF_STEPS);
  }

  /** The same of a network that is asked in another way. */
  public NetworkDenoiser(Network network, Prediction prediction, NetworkInput input) {
    this.network = network;
    this.prediction = prediction;
    this.input = input;
  }

  @Override
  public Estimate estimate(Tensor xt, NoiseLevel level) {
    BatchLevels levels = BatchLevels.same(level, xt);
    Tensor answer = network.predict(input.images(xt, levels), input.time(levels));
    NetworkOutput output = NetworkOutput.of(answer, xt);
    return new Estimate(
        prediction.x0Hat(xt, output.prediction(), levels),
        prediction.epsilonHat(xt, output.prediction(), levels),
        output.variance());
  }
}
