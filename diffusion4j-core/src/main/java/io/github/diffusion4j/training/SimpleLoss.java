package io.github.diffusion4j.training;

import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;

/**
 * The squared error of the prediction, [DDPM Eq. 14], each sample with the weight of its time.
 *
 * <pre>  L = w(t) · mean over the sample's numbers of (target − output)² </pre>
 *
 * @param prediction what the network is asked for
 * @param weighting w; uniform is the paper's L_simple
 */
public record SimpleLoss(Prediction prediction, LossWeighting weighting) implements Loss {
  @Override
  public Tensor perSample(NoisyBatch batch, NetworkOutput output) {
    Tensor target = prediction.target(batch.x0(), batch.epsilon(), batch.levels());
    int[] t = batch.t();
    Tensor error = target.minus(output.prediction()).square().reshape(t.length, -1).mean(1);
    if (weighting instanceof LossWeighting.Uniform) {
      return error;
    }
    double[] weights = Arrays.stream(t).mapToDouble(weighting::weight).toArray();
    return error.times(Tensor.of(weights, t.length).to(error.type()));
  }
}
