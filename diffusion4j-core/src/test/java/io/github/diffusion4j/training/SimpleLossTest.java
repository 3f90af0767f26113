package io.github.diffusion4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.LinearSchedule;
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
  void of_uniformWeight_isTheMeanSquaredError() {
    SimpleLoss loss = new SimpleLoss(new LossWeighting.Uniform());

    assertThat(loss.of(output, target, TIMES).item())
        .isCloseTo(weighted(new double[] {1, 1, 1}), within(1e-6));
  }

  @Test
  void of_weightPerTime_weighsEachImage() {
    NoiseSchedule schedule = LinearSchedule.ddpm();
    LossWeighting weighting = new LossWeighting.MinSnr(schedule, Prediction.EPSILON, 5);
    double[] weights = new double[3];
    for (int n = 0; n < 3; n++) {
      double snr = schedule.snr(TIMES[n]);
      weights[n] = Math.min(snr, 5) / snr;
    }

    assertThat(new SimpleLoss(weighting).of(output, target, TIMES).item())
        .isCloseTo(weighted(weights), within(1e-6));
  }

  private double weighted(double[] weights) {
    float[] given = output.toFloats();
    float[] wanted = target.toFloats();
    double sum = 0;
    for (int i = 0; i < given.length; i++) {
      double error = wanted[i] - given[i];
      sum += weights[i / PIXELS] * error * error;
    }
    return sum / given.length;
  }
}
