package io.github.diffusion4j.training;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;

import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimpleLossTest {
  private static final int[] TIMES = {1, 300, 1000};
  private static final int PIXELS = 2 * 3 * 3;

  private Scope scope;
  private Tensor output;
  private Tensor target;

  @BeforeEach
  void open() {
    scope = Scope.open();
    output = Seed.of(1).normal(3, 2, 3, 3);
    target = Seed.of(2).normal(3, 2, 3, 3);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void perSample_uniformWeight_isTheMeanSquaredError() {
    assertNumbers(loss(new LossWeighting.Uniform()))
        .areCloseTo(weighted(new double[] {1, 1, 1}), 1e-6);
  }

  @Test
  void perSample_weightPerTime_weighsEachImage() {
    NoiseSchedule schedule = LinearSchedule.ddpm();
    double[] weights = new double[3];
    for (int n = 0; n < 3; n++) {
      double snr = schedule.snr(TIMES[n]);
      weights[n] = Math.min(snr, 5) / snr;
    }

    assertNumbers(loss(new LossWeighting.MinSnr(schedule, Prediction.EPSILON, 5)))
        .areCloseTo(weighted(weights), 1e-6);
  }

  private double[] loss(LossWeighting weighting) {
    ForwardProcess process = new ForwardProcess(LinearSchedule.ddpm());
    NoisyBatch batch = NoisyBatch.of(process, output.times(0.1), TIMES, target);
    return new SimpleLoss(Prediction.EPSILON, weighting)
        .perSample(batch, NetworkOutput.of(output, target))
        .toDoubles();
  }

  private double[] weighted(double[] weights) {
    float[] given = output.toFloats();
    float[] wanted = target.toFloats();
    double[] sums = new double[3];
    for (int i = 0; i < given.length; i++) {
      double error = wanted[i] - given[i];
      sums[i / PIXELS] += weights[i / PIXELS] * error * error / PIXELS;
    }
    return sums;
  }
}
